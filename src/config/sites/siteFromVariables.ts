import { Secret } from "../Secret.js";
import { faultOf, faultOfSuperfluous, type ReadSettings, type SettingValues } from "../settings/readSettings.js";
import type { SettingName } from "../settings/settings.js";
import type { CredentialParts, SitePart } from "./credentials.js";
import { isCloudAddress, nameSite, resolveSite } from "./resolveSite.js";
import { nothingLeftOut, type OrganizationConfig, type SiteConfig } from "./SiteConfig.js";

/** By which variable each part of the site is said. */
const variables = {
  url: "CONFLUENCE_URL",
  deployment: "CONFLUENCE_DEPLOYMENT",
  kind: "CONFLUENCE_CREDENTIAL",
  email: "CONFLUENCE_EMAIL",
  apiToken: "CONFLUENCE_API_TOKEN",
  clientId: "CONFLUENCE_CLIENT_ID",
  clientSecret: "CONFLUENCE_CLIENT_SECRET",
  cloudId: "CONFLUENCE_CLOUD_ID",
  personalAccessToken: "CONFLUENCE_PERSONAL_ACCESS_TOKEN",
  username: "CONFLUENCE_USERNAME",
  password: "CONFLUENCE_PASSWORD",
  caFile: "CONFLUENCE_CA_FILE",
  superGroup: "CONFLUENCE_SUPER_GROUP",
} as const satisfies Record<SitePart, SettingName>;

/** Variables that mean nothing without `CONFLUENCE_URL`. */
const ofOneSite = Object.values(variables).filter((name) => name !== variables.url && name !== variables.deployment);

/**
 * The one site that plain variables configure; `null` when they configure none, and after adding a fault for everything
 * that does not go together.
 */
export function readSite(read: ReadSettings, organization: OrganizationConfig | null): SiteConfig | null {
  const { values, faults } = read;
  const isMalformed = (variable: SettingName) => faults.some((fault) => fault.variable === variable);
  if (values.CONFLUENCE_URL === undefined && !isMalformed("CONFLUENCE_URL")) {
    reportLoneCredential(read);
    return null;
  }
  const site = resolveSite(
    {
      url: values.CONFLUENCE_URL,
      deployment: values.CONFLUENCE_DEPLOYMENT,
      isDeploymentMalformed: isMalformed("CONFLUENCE_DEPLOYMENT"),
      credential: partsOf(values),
      caFile: values.CONFLUENCE_CA_FILE,
      superGroup: values.CONFLUENCE_SUPER_GROUP,
    },
    {
      nameOf: (part) => variables[part],
      tell: (part, problem) => {
        if (!isMalformed(variables[part])) faults.push(faultOf(variables[part], problem));
      },
      refuse: (part, problem) => faults.push(faultOfSuperfluous(variables[part], problem)),
    },
  );
  if (site === null) return null;
  const { host } = new URL(site.url);
  const own = {
    siteId: nameSite(host),
    name: host,
    concurrency: values.CONFLUENCE_CONCURRENCY ?? 0,
    isProvisioningOn: values.PROVISIONING === "on",
    leftOut: nothingLeftOut,
  };
  if (site.deployment === "datacenter") return { ...own, ...site };
  // A fault in one of them has been told, and then no site is used.
  const atlassian = { apiUrl: values.ATLASSIAN_API_URL ?? "", authUrl: values.ATLASSIAN_AUTH_URL ?? "" };
  return { ...own, ...site, atlassian, organization };
}

function partsOf(values: Partial<SettingValues>): CredentialParts {
  return {
    kind: values.CONFLUENCE_CREDENTIAL,
    email: values.CONFLUENCE_EMAIL,
    apiToken: values.CONFLUENCE_API_TOKEN,
    clientId: values.CONFLUENCE_CLIENT_ID,
    clientSecret: values.CONFLUENCE_CLIENT_SECRET,
    cloudId: values.CONFLUENCE_CLOUD_ID,
    personalAccessToken: values.CONFLUENCE_PERSONAL_ACCESS_TOKEN,
    username: values.CONFLUENCE_USERNAME,
    password: values.CONFLUENCE_PASSWORD,
  };
}

/** A credential without an address is a forgotten or misspelt address: demonstration data would pass for the real thing. */
function reportLoneCredential({ values, faults }: ReadSettings): void {
  const lone = ofOneSite.filter((name) => values[name] !== undefined);
  if (lone.length === 0) return;
  if (values.SITES_FILE !== undefined) {
    faults.push(
      ...lone.map((name) => faultOfSuperfluous(name, "does not go with SITES_FILE: say it of each site in the file")),
    );
    return;
  }
  const [verb, pronoun] = lone.length === 1 ? ["is", "it"] : ["are", "them"];
  faults.push(
    faultOf(
      "CONFLUENCE_URL",
      `is not set, although ${lone.join(" and ")} ${verb}: set it, or unset ${pronoun} to use the embedded sandbox`,
    ),
  );
}

const pairs = [
  ["ATLASSIAN_ORG_ID", "ATLASSIAN_ORG_API_KEY"],
  ["ATLASSIAN_SCIM_DIRECTORY_ID", "ATLASSIAN_SCIM_KEY"],
] as const satisfies readonly (readonly [SettingName, SettingName])[];

/**
 * The organization that plain variables configure; `null` for none, and after adding faults for half of a pair or for one
 * beside a single Data Center site.
 */
export function readOrganization({ values, faults }: ReadSettings): OrganizationConfig | null {
  if (isDataCenterAlone(values)) {
    const problem = "belongs to an Atlassian organization, which holds Cloud sites only: leave it out";
    const given = pairs.flat().filter((name) => values[name] !== undefined);
    faults.push(...given.map((name) => faultOfSuperfluous(name, problem)));
    return null;
  }
  for (const [id, key] of pairs) {
    const [missing, given] = values[id] === undefined ? [id, key] : [key, id];
    const isMalformed = faults.some((fault) => fault.variable === missing);
    if (values[given] !== undefined && values[missing] === undefined && !isMalformed) {
      faults.push(faultOf(missing, `is required with ${given}`));
    }
  }
  const { ATLASSIAN_ORG_ID: orgId, ATLASSIAN_ORG_API_KEY: apiKey } = values;
  const { ATLASSIAN_SCIM_DIRECTORY_ID: directoryId, ATLASSIAN_SCIM_KEY: key } = values;
  if (
    directoryId !== undefined &&
    orgId === undefined &&
    !faults.some(({ variable }) => variable === "ATLASSIAN_ORG_ID")
  ) {
    faults.push(
      faultOf("ATLASSIAN_ORG_ID", "is required with ATLASSIAN_SCIM_DIRECTORY_ID: the directory belongs to it"),
    );
  }
  if (orgId === undefined || apiKey === undefined) return null;
  const scim = directoryId === undefined || key === undefined ? null : { directoryId, key: new Secret(key) };
  return { orgId, apiKey: new Secret(apiKey), scim };
}

/** One Data Center site is configured, and no Cloud site that the organization could be of. */
function isDataCenterAlone({ CONFLUENCE_DEPLOYMENT, CONFLUENCE_URL, SITES_FILE }: Partial<SettingValues>): boolean {
  const isCloud = CONFLUENCE_URL !== undefined && isCloudAddress(CONFLUENCE_URL);
  return CONFLUENCE_DEPLOYMENT === "datacenter" && !isCloud && SITES_FILE === undefined;
}
