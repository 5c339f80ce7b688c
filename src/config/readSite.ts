import type { Deployment } from "../domain/Deployment.js";
import type { SiteId } from "../domain/ids.js";
import type { ConfigFault } from "./ConfigError.js";
import type { ReadSettings, SettingValues } from "./readSettings.js";
import { Secret } from "./Secret.js";
import type { SiteConfig } from "./SiteConfig.js";
import { type SettingName, settings } from "./settings.js";

const cloudDomain = ".atlassian.net";
const cloudCredential = ["CONFLUENCE_EMAIL", "CONFLUENCE_API_TOKEN"] as const;

/**
 * The configured site, `null` for the embedded sandbox. Adds a fault for everything that does not go together; where it
 * added one, the answer is `null` too.
 */
export function readSite({ values, faults }: ReadSettings): SiteConfig | null {
  const isMalformed = (variable: SettingName) => faults.some((fault) => fault.variable === variable);
  const url = values.CONFLUENCE_URL;
  if (url === undefined && !isMalformed("CONFLUENCE_URL")) {
    faults.push(...findLoneCredentials(values));
    return null;
  }
  const deployment = readDeployment(url, values, faults, isMalformed("CONFLUENCE_DEPLOYMENT"));
  const siteAddress = url === undefined ? null : trimCloudPath(url, faults);
  if (values.CONFLUENCE_DEPLOYMENT !== "datacenter") {
    const missing = cloudCredential.filter((name) => values[name] === undefined && !isMalformed(name));
    const problem = "is required with CONFLUENCE_URL: Confluence Cloud is called with an e-mail and an API token";
    faults.push(...missing.map((name) => faultOf(name, problem)));
  }
  const { CONFLUENCE_EMAIL: email, CONFLUENCE_API_TOKEN: apiToken } = values;
  if (siteAddress === null || deployment === null || email === undefined || apiToken === undefined) return null;
  const { host } = new URL(siteAddress);
  return {
    siteId: nameSite(host),
    name: host,
    url: siteAddress,
    deployment,
    credential: { kind: "basic", email, apiToken: new Secret(apiToken) },
  };
}

/** A credential without an address is a forgotten or misspelt address: demonstration data would pass for the real thing. */
function findLoneCredentials(values: Partial<SettingValues>): ConfigFault[] {
  const lone = cloudCredential.filter((name) => values[name] !== undefined);
  if (lone.length === 0) return [];
  const verb = lone.length === 1 ? "is" : "are";
  return [
    faultOf(
      "CONFLUENCE_URL",
      `is not set, although ${lone.join(" and ")} ${verb}: set it, or unset the credential to use the embedded sandbox`,
    ),
  ];
}

function readDeployment(
  url: string | undefined,
  values: Partial<SettingValues>,
  faults: ConfigFault[],
  isMalformed: boolean,
): Deployment | null {
  const isCloudAddress = url !== undefined && new URL(url).hostname.endsWith(cloudDomain);
  const deployment = values.CONFLUENCE_DEPLOYMENT ?? (isCloudAddress ? "cloud" : null);
  if (deployment === "datacenter") {
    const problem = "datacenter is not served yet: only Confluence Cloud is";
    faults.push(faultOf("CONFLUENCE_DEPLOYMENT", problem));
    return null;
  }
  if (deployment === null && url !== undefined && !isMalformed) {
    const problem = `is required, because CONFLUENCE_URL is not an address under *${cloudDomain}: say what runs there`;
    faults.push(faultOf("CONFLUENCE_DEPLOYMENT", problem));
  }
  return deployment;
}

/** Drops the `/wiki` under which Cloud serves Confluence. Other paths stay where a gateway's prefix may stand. */
function trimCloudPath(url: string, faults: ConfigFault[]): string | null {
  const trimmed = url.replace(/\/wiki$/, "");
  const { hostname, pathname } = new URL(trimmed);
  if (hostname.endsWith(cloudDomain) && pathname !== "/") {
    faults.push(faultOf("CONFLUENCE_URL", "must be the address of the site alone, not of a page or a space in it"));
    return null;
  }
  return trimmed;
}

/** `acme.atlassian.net` → `acme`, `wiki.example.org` → `wiki-example-org`: the same at every start. */
function nameSite(host: string): SiteId {
  const name = host.endsWith(cloudDomain) ? host.slice(0, -cloudDomain.length) : host;
  return name.replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "") as SiteId;
}

function faultOf(variable: SettingName, problem: string): ConfigFault {
  return { variable, problem, example: `${variable}=${settings[variable].example}` };
}
