import type { CallerBudgets } from "../callers/CallerBudgets.js";
import { restingOn } from "../crawl/restingOn.js";
import type { Clock } from "../domain/Clock.js";
import type { SiteId } from "../domain/ids.js";
import { OperationGaps } from "../graph/completeness/OperationGaps.js";
import { CostBudget, type CostLimits } from "../graph/cost/CostBudget.js";
import { ErrorBudget } from "../graph/cost/ErrorBudget.js";
import { Slices } from "../graph/cost/Slices.js";
import { ChangeBudget } from "../graph/limits/budgets.js";
import { OperationAccess } from "../graph/schema/authorization/OperationAccess.js";
import type { GraphContext } from "../graph/schema/GraphContext.js";
import { Basis } from "../loaders/engine/Basis.js";
import { SiteLoaders } from "../loaders/engine/SiteLoaders.js";
import type { SiteStore } from "../loaders/engine/SiteStore.js";
import type { RequestFacts, ServerContext } from "../server/ServerOptions.js";

/** Whether the answer is to tell what it cost. */
export function isCostWanted(request: RequestFacts): boolean {
  return request.header("x-include-cost") === "true";
}

/** What all requests share. */
export interface SharedParts
  extends Pick<
    GraphContext,
    "clock" | "changeCounts" | "provisioners" | "requests" | "record" | "recordKept" | "duties" | "policy" | "indexes"
  > {
  readonly stores: ReadonlyMap<SiteId, SiteStore>;
  readonly limits: CostLimits;
  readonly budgets: CallerBudgets;
}

/**
 * What resolvers have for one request. Whatever most requests do without is made when it is asked for: Apollo copies the properties
 * of a context for each operation of a batch, so what they share has to be there before, and what is worked out anew is a getter.
 */
export class RequestContext implements GraphContext, ServerContext {
  readonly request: RequestFacts;
  readonly shared: SharedParts;
  readonly clock: Clock;
  readonly basis: Basis;
  readonly sites: RequestSites;
  /** How many operations have begun; the same for all of them. */
  readonly operations = { begun: 0 };
  readonly costBudget: CostBudget;
  readonly slices: Slices;
  readonly errorBudget = new ErrorBudget();
  readonly changeBudget = new ChangeBudget();
  readonly gaps = new OperationGaps();

  /** Until its operation was looked at nothing is answered to who may not do everything. */
  readonly access: OperationAccess | null;

  constructor(request: RequestFacts, shared: SharedParts) {
    this.request = request;
    this.shared = shared;
    this.clock = shared.clock;
    this.basis = basisOf(request);
    const notBeforeMs = request.isFreshAsked ? shared.clock.now() : (request.freshSinceMs ?? 0);
    this.sites = new RequestSites(shared.stores, notBeforeMs, this.basis);
    this.costBudget = new CostBudget(shared.limits);
    this.slices = new Slices();
    this.access = request.caller.holdsEverything ? null : new OperationAccess(request.caller);
  }

  /** The first operation has those of the request: mostly it is the only one. */
  ownReadings(): Pick<GraphContext, "sites" | "basis"> {
    this.operations.begun += 1;
    if (this.operations.begun === 1) return { sites: this.sites, basis: this.basis };
    const basis = basisOf(this.request);
    return { sites: this.sites.beside(basis), basis };
  }

  get requestId(): string {
    return this.request.requestId;
  }

  get caller(): GraphContext["caller"] {
    return this.request.caller;
  }

  get callerBudget(): GraphContext["callerBudget"] {
    return this.shared.budgets.of(this.request.caller);
  }

  get isCostWanted(): boolean {
    return isCostWanted(this.request);
  }

  get mayBeBehind(): boolean {
    return this.request.freshSinceMs !== null;
  }

  get requestedBy(): string | null {
    const text = this.request.header("x-requested-by")?.trim() ?? "";
    return text === "" ? null : text;
  }

  get indexes(): GraphContext["indexes"] {
    return restingOn(this.basis, this.shared.indexes);
  }

  // An answer that looks into any of the next three is not given again.
  get provisioners(): GraphContext["provisioners"] {
    this.basis.leaveOpen();
    // Whoever plans or writes does so on what the site said.
    this.basis.overdue.refuse();
    return this.shared.provisioners;
  }

  get requests(): GraphContext["requests"] {
    this.basis.leaveOpen();
    return this.shared.requests;
  }

  get record(): GraphContext["record"] {
    this.basis.leaveOpen();
    return this.shared.record;
  }

  get recordKept(): GraphContext["recordKept"] {
    return this.shared.recordKept;
  }

  get changeCounts(): GraphContext["changeCounts"] {
    return this.shared.changeCounts;
  }

  get policy(): GraphContext["policy"] {
    return this.shared.policy;
  }

  get duties(): GraphContext["duties"] {
    return this.shared.duties;
  }
}

function basisOf({ isFreshWanted }: RequestFacts): Basis {
  const basis = new Basis(!isFreshWanted);
  // The same will not be answered again, but what will be read then.
  if (isFreshWanted) basis.leaveOpen();
  return basis;
}

/** The loaders of every configured site, in the order of the configuration; those of a site are made when it is first asked for. */
class RequestSites implements ReadonlyMap<SiteId, SiteLoaders> {
  readonly #stores: ReadonlyMap<SiteId, SiteStore>;
  readonly #made = new Map<SiteId, SiteLoaders>();
  readonly #notBeforeMs: number;
  readonly #basis: Basis;

  /** Those that they read in the same batches with. */
  readonly #first: RequestSites | null;

  constructor(
    stores: ReadonlyMap<SiteId, SiteStore>,
    notBeforeMs: number,
    basis: Basis,
    first: RequestSites | null = null,
  ) {
    this.#first = first;
    this.#stores = stores;
    this.#notBeforeMs = notBeforeMs;
    this.#basis = basis;
  }

  /** For another operation of the same request. */
  beside(basis: Basis): RequestSites {
    return new RequestSites(this.#stores, this.#notBeforeMs, basis, this.#first ?? this);
  }

  get size(): number {
    return this.#stores.size;
  }

  has(siteId: SiteId): boolean {
    return this.#stores.has(siteId);
  }

  get(siteId: SiteId): SiteLoaders | undefined {
    const known = this.#made.get(siteId);
    if (known !== undefined) return known;
    const store = this.#stores.get(siteId);
    if (store === undefined) return undefined;
    const made =
      this.#first?.get(siteId)?.beside(this.#basis) ?? new SiteLoaders(store, this.#notBeforeMs, this.#basis);
    this.#made.set(siteId, made);
    return made;
  }

  keys() {
    return this.#stores.keys();
  }

  values() {
    return this.#whole().values();
  }

  entries() {
    return this.#whole().entries();
  }

  [Symbol.iterator]() {
    return this.#whole().entries();
  }

  forEach(visit: (loaders: SiteLoaders, siteId: SiteId, map: ReadonlyMap<SiteId, SiteLoaders>) => void): void {
    for (const [siteId, loaders] of this.#whole()) visit(loaders, siteId, this);
  }

  #whole(): ReadonlyMap<SiteId, SiteLoaders> {
    const entries = [...this.#stores.keys()].map((siteId) => [siteId, this.get(siteId)] as const);
    return new Map(entries.flatMap(([siteId, loaders]) => (loaders === undefined ? [] : [[siteId, loaders]])));
  }
}
