import type { Deployment } from "../domain/Site.js";
import { isCloudAddress } from "./isCloudAddress.js";

/** What stands below a Data Center site, never at its root: pages, spaces, the API itself. */
const insideDataCenter = /\.action$|\/(?:display|pages|rest|rpc|spaces)\//;

/** The address that calls go below, or `null` after telling that it is one of a page in the site. */
export function readAddress(
  url: string,
  deployment: Deployment,
  tell: (part: "url", problem: string) => void,
): string | null {
  // Cloud serves Confluence under /wiki; on Data Center that may be the context path. Other paths of Cloud stay: a
  // gateway's prefix may stand there.
  const trimmed = deployment === "cloud" ? url.replace(/\/wiki$/, "") : url;
  const { pathname } = new URL(trimmed);
  const isInside = deployment === "cloud" ? isCloudAddress(url) && pathname !== "/" : insideDataCenter.test(pathname);
  if (!isInside) return trimmed;
  tell("url", "must be the address of the site alone, not of a page or a space in it");
  return null;
}
