import type { Caller } from "../../callers/Caller.js";
import type { CallerBudget } from "../../callers/CallerBudgets.js";
import type { RecordPlace } from "../../config/Config.js";
import type { ChangeDuties } from "../../config/callers/CallersConfig.js";
import type { KeptIndexes } from "../../crawl/KeptIndex.js";
import type { Clock } from "../../domain/Clock.js";
import type { Gap } from "../../domain/Complete.js";
import type { SiteId } from "../../domain/ids.js";
import type { Scope } from "../../domain/Scope.js";
import type { Basis } from "../../loaders/engine/Basis.js";
import type { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import type { Provisioner } from "../../provisioning/Provisioner.js";
import type { PolicyHook } from "../../provisioning/policy/PolicyHook.js";
import type { Requests } from "../../provisioning/Requests.js";
import type { ChangeRecord } from "../../record/ChangeRecord.js";
import type { ChangeCounts } from "../change/ChangeCounts.js";
import type { OperationGaps } from "../completeness/OperationGaps.js";
import type { CostBudget } from "../cost/CostBudget.js";
import type { ErrorBudget } from "../cost/ErrorBudget.js";
import type { Slices } from "../cost/Slices.js";
import { InputError } from "../errors/errorCodes.js";
import type { ChangeBudget } from "../limits/budgets.js";
import { forbidden, withheld } from "./authorization/forbidden.js";
import type { OperationAccess } from "./authorization/OperationAccess.js";

/** What resolvers have for one request. */
export interface GraphContext {
  readonly requestId: string;
  /** The loaders of every configured site, by site id, in the order of the configuration; each operation of a batch has its own. */
  readonly sites: ReadonlyMap<SiteId, SiteLoaders>;
  /** The access index of every configured site. */
  readonly indexes: KeptIndexes;
  /** The caller may know of changes that this process has not heard of: what is kept of a whole site may be without them. */
  readonly mayBeBehind: boolean;
  /** What the answer rests on; each operation of a batch has its own. */
  readonly basis: Basis;
  /** What the next operation of the batch reads by, and what its answer rests on. */
  ownReadings(): Pick<GraphContext, "sites" | "basis">;
  /** What the answer may cost; shared by all operations of a batch. */
  readonly costBudget: CostBudget;
  /** How the work of it is divided. */
  readonly slices: Slices;
  /** Which errors are told; each operation of a batch has its own. */
  readonly errorBudget: ErrorBudget;
  /** Whether the answer is to tell what it cost. */
  readonly isCostWanted: boolean;
  /** Shared by all operations of a batch. */
  readonly changeBudget: ChangeBudget;
  /** What this operation is answered without; each operation of a batch has its own. */
  readonly gaps: OperationGaps;
  readonly clock: Clock;
  /** How mutations ended, counted for the process. */
  readonly changeCounts: ChangeCounts;
  /** What carries out changes, by site id. */
  readonly provisioners: ReadonlyMap<SiteId, Provisioner>;
  /** What carries out each request of a caller once. */
  readonly requests: Requests;
  /** Who is asked before anything is written; `null` where nobody is. */
  readonly policy: PolicyHook | null;
  /** What was changed, and where that is kept. */
  readonly record: ChangeRecord;
  readonly recordKept: RecordPlace["kind"];
  /** Who asks, verified. Its name is what request ids are unique within. */
  readonly caller: Caller;
  /** What its operation may be answered; `null` where the caller may do everything. */
  readonly access: OperationAccess | null;
  /** What the caller may still ask for; `null` where nobody counts. */
  readonly callerBudget: CallerBudget | null;
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

/** The one site that an argument names, or the only one there is. Refused where the caller may not do this there. */
export function siteNamed(
  context: GraphContext,
  siteId: string | null | undefined,
  scope: Scope | null = "read",
): SiteLoaders {
  const isNamed = siteId !== null && siteId !== undefined;
  const [only] = !isNamed && context.sites.size === 1 ? context.sites.values() : [];
  if (only !== undefined) return permitted(context, only, scope);
  if (siteId === null || siteId === undefined) {
    throw new InputError("AMBIGUOUS_LOOKUP", "siteId", `Several sites are configured: pass siteId. ${known(context)}`);
  }
  const found = context.sites.get(siteId as SiteId);
  if (found === undefined) {
    throw new InputError("UNKNOWN_SITE", "siteId", `No site "${siteId.slice(0, 60)}" is configured. ${known(context)}`);
  }
  return permitted(context, found, scope);
}

/** A site that the caller may read; throws `FORBIDDEN` for another. `null` for one that is not configured. */
export function siteReadable(context: GraphContext, siteId: SiteId): SiteLoaders | null {
  const found = context.sites.get(siteId);
  return found === undefined ? null : permitted(context, found, "read");
}

function permitted({ caller }: GraphContext, loaders: SiteLoaders, scope: Scope | null): SiteLoaders {
  const { siteId } = loaders.store.site;
  if (scope !== null && !caller.may(scope, siteId)) throw forbidden(scope, siteId);
  return loaders;
}

/**
 * The sites that a list covers, ordered by site id: the one named, or all on which the caller holds the scopes. The others are not
 * silently left out: see `sitesWithheld`.
 */
export function sitesCovered(
  context: GraphContext,
  siteId: string | null | undefined,
  scopes: readonly Scope[] = ["read"],
): SiteLoaders[] {
  if (siteId !== null && siteId !== undefined) {
    const [named] = scopes.map((scope) => siteNamed(context, siteId, scope));
    return named === undefined ? [] : [named];
  }
  const covered: SiteLoaders[] = [];
  for (const id of inOrder(context.sites)) {
    const loaders = scopes.every((scope) => context.caller.may(scope, id)) ? context.sites.get(id) : undefined;
    if (loaders !== undefined) covered.push(loaders);
  }
  return covered;
}

function inOrder(sites: GraphContext["sites"]): readonly SiteId[] {
  const ids = [...sites.keys()];
  return ids.length > 1 ? ids.sort() : ids;
}

/** The sites that a list of all sites is answered without, because the caller does not hold the scopes there: gaps of the list. */
export function sitesWithheld(
  { sites, caller }: GraphContext,
  siteId: string | null | undefined,
  { what, scopes = ["read"] }: { readonly what: string; readonly scopes?: readonly Scope[] },
): readonly Gap[] {
  if (siteId !== null && siteId !== undefined) return [];
  if (caller.holdsEverything) return [];
  return inOrder(sites).flatMap((id) => {
    const lacking = scopes.find((scope) => !caller.may(scope, id));
    return lacking === undefined ? [] : [withheld(what, lacking, id)];
  });
}

function known({ sites, caller }: GraphContext): string {
  return `Configured: ${[...sites.keys()].filter((siteId) => caller.may("read", siteId)).join(", ")}.`;
}
