import type { Clock } from "../domain/Clock.js";
import type { SiteId } from "../domain/ids.js";
import type { SiteLoaders } from "../loaders/SiteLoaders.js";
import type { Provisioner } from "../provisioning/Provisioner.js";
import type { ReportedGaps } from "./paging/ReportedGaps.js";
import type { ResultBudget } from "./paging/ResultBudget.js";

/** What resolvers have for one request. */
export interface GraphContext {
  readonly requestId: string;
  /** The loaders of every configured site, by site id, in the order of the configuration. */
  readonly sites: ReadonlyMap<SiteId, SiteLoaders>;
  readonly resultBudget: ResultBudget;
  readonly reportedGaps: ReportedGaps;
  readonly clock: Clock;
  /** What carries out changes, by site id. */
  readonly provisioners: ReadonlyMap<SiteId, Provisioner>;
  /** Who asks, as the caller says in the header `X-Requested-By`; not verified. */
  readonly requestedBy: string | null;
}
