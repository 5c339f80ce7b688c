import type { SiteId } from "../domain/ids.js";
import type { LeftOut } from "../domain/Space.js";

/** What a site has wherever it runs. */
export interface SiteConfigBase {
  /** Our name for the site. It is part of every global id, so it must not change between starts. */
  readonly siteId: SiteId;
  /** What people see. */
  readonly name: string;
  /** Calls in flight to this site at a time. */
  readonly concurrency: number;
  readonly isProvisioningOn: boolean;
  readonly leftOut: LeftOut;
}
