import type { DataCenterCredential } from "./DataCenterCredential.js";
import type { SiteConfigBase } from "./SiteConfigBase.js";

/** A site that somebody runs themselves. */
export interface DataCenterSiteConfig extends SiteConfigBase {
  readonly deployment: "datacenter";
  /** Without a trailing slash; may carry a context path (`https://wiki.example.com/confluence`) that all calls go below. */
  readonly url: string;
  readonly credential: DataCenterCredential;
  /** Certificates (PEM) trusted beside the well-known ones; `null` for none. */
  readonly ca: string | null;
  /** The group whose members see and administer everything, whatever permissions say. */
  readonly superGroup: string;
  /** Atlassian organizations hold Cloud sites only. */
  readonly organization: null;
}
