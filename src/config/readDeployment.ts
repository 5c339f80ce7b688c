import type { Deployment } from "../domain/Site.js";
import { isCloudAddress } from "./isCloudAddress.js";
import { cloudDomain } from "./nameSite.js";

interface GivenAddress {
  /** Checked by the `siteUrl` schema; `undefined` when it was missing or malformed. */
  readonly url: string | undefined;
  readonly deployment: Deployment | undefined;
  /** True when a deployment was given that could not be read: it has its fault already. */
  readonly isDeploymentMalformed: boolean;
}

/** What runs at an address: as it was said, or as the address itself tells; `null` after telling what is wrong. */
export function readDeployment(
  { url, deployment: given, isDeploymentMalformed }: GivenAddress,
  tell: (part: "deployment", problem: string) => void,
): Deployment | null {
  const isCloud = url !== undefined && isCloudAddress(url);
  if (isCloud && given === "datacenter") {
    tell("deployment", `must be cloud, or left out: what runs under *${cloudDomain} is Confluence Cloud`);
    return null;
  }
  const deployment = given ?? (isCloud ? "cloud" : null);
  if (deployment === null && url !== undefined && !isDeploymentMalformed) {
    tell("deployment", `is required, because the address is not one under *${cloudDomain}: say what runs there`);
  }
  return deployment;
}
