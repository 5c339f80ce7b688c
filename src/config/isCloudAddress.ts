import { cloudDomain } from "./nameSite.js";

/** True for addresses under `*.atlassian.net`, where nothing but Confluence Cloud runs. The address must be a full one. */
export function isCloudAddress(url: string): boolean {
  return new URL(url).hostname.endsWith(cloudDomain);
}
