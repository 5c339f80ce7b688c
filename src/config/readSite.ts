import { faultOf } from "./faultOf.js";
import { nameSite } from "./nameSite.js";
import { nothingLeftOut } from "./nothingLeftOut.js";
import { readAddress } from "./readAddress.js";
import type { ReadSettings, SettingValues } from "./readSettings.js";
import { resolveCredential } from "./resolveCredential.js";
import type { OrganizationConfig, SiteConfig } from "./SiteConfig.js";
import type { SettingName } from "./settings.js";

const variables = {
  url: "CONFLUENCE_URL",
  deployment: "CONFLUENCE_DEPLOYMENT",
  email: "CONFLUENCE_EMAIL",
  apiToken: "CONFLUENCE_API_TOKEN",
  clientId: "CONFLUENCE_CLIENT_ID",
  clientSecret: "CONFLUENCE_CLIENT_SECRET",
  cloudId: "CONFLUENCE_CLOUD_ID",
} as const satisfies Record<string, SettingName>;

/** Variables that mean nothing without `CONFLUENCE_URL`. */
const ofOneSite = [
  "CONFLUENCE_CREDENTIAL",
  "CONFLUENCE_EMAIL",
  "CONFLUENCE_API_TOKEN",
  "CONFLUENCE_CLIENT_ID",
  "CONFLUENCE_CLIENT_SECRET",
  "CONFLUENCE_CLOUD_ID",
] as const satisfies readonly SettingName[];

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
  const report = (part: keyof typeof variables, problem: string) => {
    if (!isMalformed(variables[part])) faults.push(faultOf(variables[part], problem));
  };
  const address = readAddress(
    {
      url: values.CONFLUENCE_URL,
      deployment: values.CONFLUENCE_DEPLOYMENT,
      isDeploymentMalformed: isMalformed("CONFLUENCE_DEPLOYMENT"),
    },
    report,
  );
  const isCloud = values.CONFLUENCE_DEPLOYMENT !== "datacenter";
  const credential = isCloud ? resolveCredential(partsOf(values), report) : null;
  if (address === null || credential === null) return null;
  const { host } = new URL(address.url);
  return {
    ...address,
    siteId: nameSite(host),
    name: host,
    credential,
    // A fault in one of them has been told, and then no site is used.
    atlassian: { apiUrl: values.ATLASSIAN_API_URL ?? "", authUrl: values.ATLASSIAN_AUTH_URL ?? "" },
    concurrency: values.CONFLUENCE_CONCURRENCY ?? 0,
    isProvisioningOn: values.PROVISIONING === "on",
    leftOut: nothingLeftOut,
    organization,
  };
}

function partsOf(values: Partial<SettingValues>) {
  return {
    kind: values.CONFLUENCE_CREDENTIAL,
    email: values.CONFLUENCE_EMAIL,
    apiToken: values.CONFLUENCE_API_TOKEN,
    clientId: values.CONFLUENCE_CLIENT_ID,
    clientSecret: values.CONFLUENCE_CLIENT_SECRET,
    cloudId: values.CONFLUENCE_CLOUD_ID,
  };
}

/** A credential without an address is a forgotten or misspelt address: demonstration data would pass for the real thing. */
function reportLoneCredential({ values, faults }: ReadSettings): void {
  const lone = ofOneSite.filter((name) => values[name] !== undefined);
  if (lone.length === 0) return;
  const isFile = values.SITES_FILE !== undefined;
  const verb = lone.length === 1 ? "is" : "are";
  faults.push(
    isFile
      ? faultOf(lone[0] ?? "CONFLUENCE_URL", "does not go with SITES_FILE: put the credential into the file")
      : faultOf(
          "CONFLUENCE_URL",
          `is not set, although ${lone.join(" and ")} ${verb}: set it, or unset the credential to use the embedded sandbox`,
        ),
  );
}
