import type { SiteId } from "../domain/ids.js";

export const cloudDomain = ".atlassian.net";

/** `acme.atlassian.net` → `acme`, `wiki.example.org` → `wiki-example-org`: the same at every start. */
export function nameSite(host: string): SiteId {
  const name = host.endsWith(cloudDomain) ? host.slice(0, -cloudDomain.length) : host;
  return name.replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "") as SiteId;
}
