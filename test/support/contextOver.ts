import { unboundedCaller } from "../../src/callers/Caller.js";
import { Turns } from "../../src/callers/Turns.js";
import { systemClock } from "../../src/compose/systemClock.js";
import { ChangeCounts } from "../../src/graph/change/ChangeCounts.js";
import { OperationGaps } from "../../src/graph/completeness/OperationGaps.js";
import { CostBudget } from "../../src/graph/cost/CostBudget.js";
import { ErrorBudget } from "../../src/graph/cost/ErrorBudget.js";
import { Slices } from "../../src/graph/cost/Slices.js";
import { ChangeBudget } from "../../src/graph/limits/budgets.js";
import type { GraphContext } from "../../src/graph/schema/GraphContext.js";
import { Basis } from "../../src/loaders/engine/Basis.js";
import { SiteLoaders } from "../../src/loaders/engine/SiteLoaders.js";
import type { SiteStore } from "../../src/loaders/engine/SiteStore.js";
import { Requests } from "../../src/provisioning/Requests.js";
import { MemoryRecord } from "../../src/record/MemoryRecord.js";

type Given = Pick<GraphContext, "indexes"> & Partial<GraphContext>;

/** What resolvers have for one request over one site, of a caller who may do everything; what a test is about it gives itself. */
export function contextOver(store: SiteStore, given: Given): GraphContext {
  const { clock = systemClock } = given;
  const { record = new MemoryRecord(clock), basis = new Basis() } = given;
  const { sites = new Map([[store.site.siteId, new SiteLoaders(store, 0, basis)]]) } = given;
  return {
    requestId: "test",
    ownReadings: () => ({ sites, basis }),
    costBudget: new CostBudget({ maxCost: 1_000_000, maxResponseBytes: 10_000_000, maxReferences: 1_000 }),
    // Whoever else asks in the same process is no business of one test.
    slices: new Slices({ turns: new Turns() }),
    mayBeBehind: false,
    errorBudget: new ErrorBudget(),
    isCostWanted: false,
    changeBudget: new ChangeBudget(),
    gaps: new OperationGaps(),
    provisioners: new Map(),
    requests: new Requests({ record, passwordKey: "" }),
    changeCounts: new ChangeCounts(),
    recordKept: "memory",
    caller: unboundedCaller("anyone"),
    access: null,
    callerBudget: null,
    policy: null,
    duties: { isReasonRequired: false, isRequestedByRequired: false },
    requestedBy: null,
    ...given,
    clock,
    record,
    basis,
    sites,
  };
}
