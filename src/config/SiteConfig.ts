import type { CloudSiteConfig } from "./CloudSiteConfig.js";
import type { DataCenterSiteConfig } from "./DataCenterSiteConfig.js";

/** One Confluence instance, the credential we use there, and how it is treated. */
export type SiteConfig = CloudSiteConfig | DataCenterSiteConfig;
