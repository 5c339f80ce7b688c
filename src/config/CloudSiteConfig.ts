import type { AtlassianAddresses } from "./AtlassianAddresses.js";
import type { CloudCredential } from "./CloudCredential.js";
import type { OrganizationConfig } from "./OrganizationConfig.js";
import type { SiteConfigBase } from "./SiteConfigBase.js";

/** A site at Atlassian's. */
export interface CloudSiteConfig extends SiteConfigBase {
  readonly deployment: "cloud";
  /** Without a trailing slash and without `/wiki`. */
  readonly url: string;
  readonly credential: CloudCredential;
  readonly atlassian: AtlassianAddresses;
  readonly organization: OrganizationConfig | null;
}
