import type { Deployment } from "../domain/Deployment.js";
import type { SiteId } from "../domain/ids.js";
import type { Secret } from "./Secret.js";

/** One Confluence instance and the credential we use there. */
export interface SiteConfig {
  /** Our name for the site. It is part of every global id, so it must not change between starts. */
  readonly siteId: SiteId;
  /** What people see: the host. */
  readonly name: string;
  /** Without a trailing slash, and on Cloud without `/wiki`. */
  readonly url: string;
  readonly deployment: Deployment;
  readonly credential: {
    readonly kind: "basic";
    readonly email: string;
    readonly apiToken: Secret;
  };
}
