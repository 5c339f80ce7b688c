import type { Deployment } from "../domain/Deployment.js";
import { cloudDomain } from "./nameSite.js";

interface GivenAddress {
  /** Checked by the `siteUrl` schema; `undefined` when it was missing or malformed. */
  readonly url: string | undefined;
  readonly deployment: Deployment | undefined;
  /** True when a deployment was given that could not be read: it has its fault already. */
  readonly isDeploymentMalformed: boolean;
}

interface Address {
  readonly url: string;
  readonly deployment: Deployment;
}

/** Where a site is and what runs there, or `null` after telling `report` what does not go together. */
export function readAddress(
  { url, deployment: given, isDeploymentMalformed }: GivenAddress,
  report: (part: "url" | "deployment", problem: string) => void,
): Address | null {
  const isCloudAddress = url !== undefined && new URL(url).hostname.endsWith(cloudDomain);
  const deployment = given ?? (isCloudAddress ? "cloud" : null);
  if (deployment === "datacenter") report("deployment", "datacenter is not served yet: only Confluence Cloud is");
  if (deployment === null && url !== undefined && !isDeploymentMalformed) {
    report("deployment", `is required, because the address is not one under *${cloudDomain}: say what runs there`);
  }
  if (url === undefined || deployment !== "cloud") return null;

  // Cloud serves Confluence under /wiki. Other paths stay: a gateway's prefix may stand there.
  const trimmed = url.replace(/\/wiki$/, "");
  const { hostname, pathname } = new URL(trimmed);
  if (hostname.endsWith(cloudDomain) && pathname !== "/") {
    report("url", "must be the address of the site alone, not of a page or a space in it");
    return null;
  }
  return { url: trimmed, deployment };
}
