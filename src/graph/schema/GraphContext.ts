import type { Caller } from "../../callers/Caller.js";
import type { RecordPlace } from "../../config/Config.js";
import type { ChangeDuties } from "../../config/callers/CallersConfig.js";
import type { KeptIndexes } from "../../crawl/KeptIndex.js";
import type { Clock } from "../../domain/Clock.js";
import type { SiteId } from "../../domain/ids.js";
import type { Basis } from "../../loaders/engine/Basis.js";
import type { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import type { Provisioner } from "../../provisioning/Provisioner.js";
import type { Requests } from "../../provisioning/Requests.js";
import type { ChangeRecord } from "../../record/ChangeRecord.js";
import type { OperationGaps } from "../completeness/OperationGaps.js";
import type { CostBudget } from "../cost/CostBudget.js";
import type { Slices } from "../cost/Slices.js";
import { InputError } from "../errors/errorCodes.js";
import type { ChangeBudget } from "../limits/budgets.js";

/** What resolvers have for one request. */
export interface GraphContext {
  readonly requestId: string;
  /** The loaders of every configured site, by site id, in the order of the configuration. */
  readonly sites: ReadonlyMap<SiteId, SiteLoaders>;
  /** The access index of every configured site. */
  readonly indexes: KeptIndexes;
  /** What the answer to this request rests on. */
  readonly basis: Basis;
  /** What the answer may cost; shared by all operations of a batch. */
  readonly costBudget: CostBudget;
  /** How the work of it is divided. */
  readonly slices: Slices;
  /** Whether the answer is to tell what it cost. */
  readonly isCostWanted: boolean;
  /** Shared by all operations of a batch. */
  readonly changeBudget: ChangeBudget;
  /** What this operation is answered without; each operation of a batch has its own. */
  readonly gaps: OperationGaps;
  readonly clock: Clock;
  /** What carries out changes, by site id. */
  readonly provisioners: ReadonlyMap<SiteId, Provisioner>;
  /** What carries out each request of a caller once. */
  readonly requests: Requests;
  /** What was changed, and where that is kept. */
  readonly record: ChangeRecord;
  readonly recordKept: RecordPlace["kind"];
  /** Who asks, verified. Its name is what request ids are unique within. */
  readonly caller: Caller;
  /** What a change must come with. */
  readonly duties: ChangeDuties;
  /** Who asks, as the caller says in the header `X-Requested-By`; not verified. */
  readonly requestedBy: string | null;
}

/**
 * A field's value as it is handed to GraphQL. An `Error` is thrown by graphql-js when the field is completed: the field is
 * null, the error stands in `errors`, and the fields beside it are answered. That is how a read that failed is never
 * taken for "has none".
 */
export type Readable<T> = T | null | Error;

/** The one site that an argument names, or the only one there is. */
export function siteNamed(context: GraphContext, siteId: string | null | undefined): SiteLoaders {
  const [only] = context.sites.values();
  if ((siteId === null || siteId === undefined) && only !== undefined && context.sites.size === 1) return only;
  if (siteId === null || siteId === undefined) {
    throw new InputError("AMBIGUOUS_LOOKUP", "siteId", `Several sites are configured: pass siteId. ${known(context)}`);
  }
  const found = context.sites.get(siteId as SiteId);
  if (found === undefined) {
    throw new InputError("UNKNOWN_SITE", "siteId", `No site "${siteId.slice(0, 60)}" is configured. ${known(context)}`);
  }
  return found;
}

/** The sites that a list covers, ordered by site id: the one named, or all. */
export function sitesCovered(context: GraphContext, siteId: string | null | undefined): SiteLoaders[] {
  if (siteId !== null && siteId !== undefined) return [siteNamed(context, siteId)];
  return [...context.sites.keys()].sort().flatMap((id) => context.sites.get(id) ?? []);
}

function known(context: GraphContext): string {
  return `Configured: ${[...context.sites.keys()].join(", ")}.`;
}
