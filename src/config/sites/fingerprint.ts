import { byDeployment, type SiteConfig, secretsOf } from "./SiteConfig.js";

/** Which site, and whom it takes us for; secrets in the clear, for a keyed hash and for nothing else. */
export function identityOf(config: SiteConfig): readonly string[] {
  const { credential, url } = config;
  return [url, credential.kind, callerOf(credential), ...secretsOf(config).map((each) => each.reveal())];
}

/**
 * All of a site's configuration that what is read of it hangs on: which site, as whom, what is left out, and what completes or shapes it.
 * Secrets in the clear, for a keyed hash and for nothing else.
 */
export function fingerprintParts(config: SiteConfig): string {
  const { deployment, siteId, credential, leftOut, isProvisioningOn, isSandbox = false } = config;
  return JSON.stringify([
    ...[deployment, siteId, identityOf(config), leftOut, isProvisioningOn, isSandbox],
    "cloudId" in credential ? credential.cloudId : null,
    byDeployment(config, {
      cloud: ({ atlassian, organization }) => [atlassian, organization?.orgId, organization?.scim?.directoryId],
      datacenter: ({ superGroup }) => [superGroup],
    }),
  ]);
}

function callerOf(credential: SiteConfig["credential"]): string {
  if (credential.kind === "oauth") return credential.clientId;
  if (credential.kind === "password") return credential.username;
  return "email" in credential ? credential.email : "";
}
