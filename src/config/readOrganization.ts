import { faultOf } from "./faultOf.js";
import { faultOfSuperfluous } from "./faultOfSuperfluous.js";
import { isCloudAddress } from "./isCloudAddress.js";
import type { OrganizationConfig } from "./OrganizationConfig.js";
import type { ReadSettings, SettingValues } from "./readSettings.js";
import { Secret } from "./Secret.js";
import type { SettingName } from "./settings.js";

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
