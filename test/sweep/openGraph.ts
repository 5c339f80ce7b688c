import { type DocumentNode, execute, type GraphQLFormattedError } from "graphql";
import { TtlCache } from "../../src/cache/TtlCache.js";
import { unboundedCaller } from "../../src/callers/Caller.js";
import { composeSite, type ServedSite } from "../../src/compose/composeSite.js";
import { Organizations } from "../../src/compose/Organizations.js";
import { systemClock } from "../../src/compose/systemClock.js";
import { readConfig } from "../../src/config/readConfig.js";
import type { SiteConfig } from "../../src/config/sites/SiteConfig.js";
import type { KeptIndex } from "../../src/crawl/KeptIndex.js";
import type { Clock } from "../../src/domain/Clock.js";
import type { Gap } from "../../src/domain/Complete.js";
import { OperationGaps } from "../../src/graph/completeness/OperationGaps.js";
import { CostBudget } from "../../src/graph/cost/CostBudget.js";
import { buildGraphSchema } from "../../src/graph/schema/buildGraphSchema.js";
import { ChangeEvents } from "../../src/loaders/engine/ChangeEvents.js";
import { createLogger } from "../../src/observability/Logger.js";
import type { ChangeRecord } from "../../src/record/ChangeRecord.js";
import { LocalLocks, type Locks } from "../../src/record/Locks.js";
import { MemoryRecord } from "../../src/record/MemoryRecord.js";
import { contextOver } from "../support/contextOver.js";

export interface SweptAnswer {
  readonly data: unknown;
  readonly errors: readonly (GraphQLFormattedError & { readonly cause: string })[];
  /** Those of `extensions.completeness`. */
  readonly gaps: readonly Gap[];
}

/** Pauses between repetitions take no time; what is longer is a time limit, and stays. */
const longestPauseMs = 5_000;
const longestCrawlMs = 30_000;

const hurry: Clock["sleep"] = (durationMs, signal) =>
  systemClock.sleep(durationMs <= longestPauseMs ? 0 : durationMs, signal);
const hasty: Clock = { now: () => systemClock.now(), sleep: hurry, atMost: hurry };

const logger = createLogger({ level: "error", destination: { write: () => undefined } });
const config = readConfig({
  CONFLUENCE_URL: "http://127.0.0.1:9",
  CONFLUENCE_DEPLOYMENT: "datacenter",
  CONFLUENCE_PERSONAL_ACCESS_TOKEN: "none",
});

/** What the product stands in, where that is to be the same from one time to the next. */
export interface Surroundings {
  readonly clock?: Clock;
  readonly record?: ChangeRecord;
  readonly locks?: Locks;
  /** Whoever asks may know of changes that were not heard of. */
  readonly mayBeBehind?: boolean;
}

export interface OpenGraph {
  ask(document: DocumentNode, variables: Readonly<Record<string, unknown>>, caller?: string): Promise<SweptAnswer>;
  close(): Promise<void>;
}

/** One site as the server puts it together: nothing is read that nobody asks for. */
export function serveSwept(site: SiteConfig, { clock = hasty, record, locks }: Surroundings = {}): ServedSite {
  return composeSite({
    config: site,
    organizations: new Organizations({ clock, random: () => 0, logger }),
    record: record ?? new MemoryRecord(clock),
    locks: locks ?? new LocalLocks(),
    cache: new TtlCache({ maxBytes: 50_000_000, maxEntries: 10_000, clock }),
    maxOverdueMs: config.cache.maxOverdueMs,
    lifetimes: config.cache.ttlMs,
    indexConfig: config.index,
    changes: new ChangeEvents(),
    clock,
    logger,
  });
}

/** The product over one site without a server before it. */
export function openGraph(
  site: SiteConfig,
  { clock = hasty, record = new MemoryRecord(clock), locks = new LocalLocks(), mayBeBehind = false }: Surroundings = {},
): OpenGraph {
  const served = serveSwept(site, { clock, record, locks });
  const { store, readiness, provisioner, index } = served;
  // Pauses take no time here: whoever waits for the index waits until the crawl is through, or broke off.
  const kept: KeptIndex = {
    current: () => index.current(),
    whenReady: () => index.whenReady(longestCrawlMs),
    get isSettled() {
      return index.isSettled;
    },
    get status() {
      return index.status;
    },
  };
  return {
    async ask(document, variables, caller = "anyone") {
      const operationGaps = new OperationGaps();
      const contextValue = contextOver(store, {
        ...{ indexes: { of: () => kept }, clock, record, gaps: operationGaps, caller: unboundedCaller(caller) },
        mayBeBehind,
        costBudget: new CostBudget({ ...config.limits, maxResponseBytes: config.server.maxResponseBytes }),
        provisioners: new Map([[site.siteId, provisioner]]),
      });
      const { schema } = buildGraphSchema();
      const { data, errors = [] } = await execute({ schema, document, contextValue, variableValues: variables });
      return {
        data: JSON.parse(JSON.stringify(data ?? null)),
        errors: errors.map((error) => ({ ...error.toJSON(), cause: String(error.originalError ?? error) })),
        gaps: operationGaps.all(),
      };
    },
    async close() {
      readiness.stop();
      index.close();
      await store.site.close();
    },
  };
}

/** One question to the product put together anew: nothing is remembered from another cell. */
export async function askAnew(
  site: SiteConfig,
  document: DocumentNode,
  variables: Readonly<Record<string, unknown>>,
  surroundings: Surroundings = {},
): Promise<SweptAnswer> {
  const graph = openGraph(site, surroundings);
  try {
    return await graph.ask(document, variables);
  } finally {
    await graph.close();
  }
}
