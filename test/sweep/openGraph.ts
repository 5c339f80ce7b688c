import { type DocumentNode, execute, type GraphQLFormattedError } from "graphql";
import { TtlCache } from "../../src/cache/TtlCache.js";
import { composeSite } from "../../src/compose/composeSite.js";
import { Organizations } from "../../src/compose/Organizations.js";
import { readConfig } from "../../src/config/readConfig.js";
import type { SiteConfig } from "../../src/config/SiteConfig.js";
import type { Clock } from "../../src/domain/Clock.js";
import type { Gap } from "../../src/domain/Gap.js";
import { buildGraphSchema } from "../../src/graph/buildGraphSchema.js";
import { OperationGaps } from "../../src/graph/completeness/OperationGaps.js";
import type { GraphContext } from "../../src/graph/GraphContext.js";
import { ChangeBudget } from "../../src/graph/limits/ChangeBudget.js";
import { ResultBudget } from "../../src/graph/paging/ResultBudget.js";
import { systemClock } from "../../src/http/systemClock.js";
import { ChangeEvents } from "../../src/loaders/effects/ChangeEvents.js";
import { SiteLoaders } from "../../src/loaders/SiteLoaders.js";
import { createLogger } from "../../src/observability/createLogger.js";
import { Requests } from "../../src/provisioning/requests/Requests.js";
import { LocalLocks } from "../../src/record/Locks.js";
import { MemoryRecord } from "../../src/record/MemoryRecord.js";

export interface SweptAnswer {
  readonly data: unknown;
  readonly errors: readonly (GraphQLFormattedError & { readonly cause: string })[];
  /** Those of `extensions.completeness`. */
  readonly gaps: readonly Gap[];
}

/** Pauses between repetitions take no time; what is longer is a time limit, and stays. */
const longestPauseMs = 5_000;

const clock: Clock = {
  now: () => systemClock.now(),
  sleep: (durationMs, signal) => systemClock.sleep(durationMs <= longestPauseMs ? 0 : durationMs, signal),
};

const logger = createLogger({ level: "error", destination: { write: () => undefined } });
const config = readConfig({
  CONFLUENCE_URL: "http://127.0.0.1:9",
  CONFLUENCE_DEPLOYMENT: "datacenter",
  CONFLUENCE_PERSONAL_ACCESS_TOKEN: "none",
});

/**
 * The product over one site, put together anew and without a server before it: nothing is remembered from another cell, and
 * nothing is read that the query does not ask for.
 */
export async function askAnew(
  site: SiteConfig,
  document: DocumentNode,
  variables: Readonly<Record<string, unknown>>,
): Promise<SweptAnswer> {
  const record = new MemoryRecord(clock);
  const { store, readiness, provisioner } = composeSite({
    config: site,
    organizations: new Organizations({ clock, random: () => 0, logger }),
    record,
    locks: new LocalLocks(),
    cache: new TtlCache({ maxBytes: 50_000_000, maxEntries: 10_000, clock }),
    lifetimes: config.cache.ttlMs,
    changes: new ChangeEvents(),
    clock,
    logger,
  });
  const operationGaps = new OperationGaps();
  const contextValue: GraphContext = {
    requestId: "sweep",
    sites: new Map([[site.siteId, new SiteLoaders(store, 0)]]),
    resultBudget: new ResultBudget(config.limits.maxResultNodes),
    changeBudget: new ChangeBudget(),
    gaps: operationGaps,
    clock,
    provisioners: new Map([[site.siteId, provisioner]]),
    requests: new Requests({ record, passwordKey: "" }),
    caller: "anyone",
    requestedBy: null,
    record: new MemoryRecord(clock),
    recordKept: "memory",
  };
  try {
    const { data, errors = [] } = await execute({
      schema: buildGraphSchema().schema,
      document,
      contextValue,
      variableValues: variables,
    });
    return {
      data: JSON.parse(JSON.stringify(data ?? null)),
      errors: errors.map((error) => ({ ...error.toJSON(), cause: String(error.originalError ?? error) })),
      gaps: operationGaps.all(),
    };
  } finally {
    readiness.stop();
    await store.site.close();
  }
}
