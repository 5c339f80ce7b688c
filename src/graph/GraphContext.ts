import type { Clock } from "../domain/Clock.js";
import type { SiteId } from "../domain/ids.js";
import type { SiteLoaders } from "../loaders/SiteLoaders.js";
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
}
