import type { Secret } from "./Secret.js";
import type { SiteConfig } from "./SiteConfig.js";

/** Every secret that a site's configuration holds: what must never be printed. */
export function secretsOf({ credential, organization }: SiteConfig): Secret[] {
  return [
    credential.kind === "oauth" ? credential.clientSecret : credential.apiToken,
    ...(organization === null ? [] : [organization.apiKey]),
    ...(organization?.scim ? [organization.scim.key] : []),
  ];
}
