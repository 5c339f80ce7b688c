import { type Lifetimes, TtlCache } from "../../src/cache/TtlCache.js";
import { composeSite, type ServedSite } from "../../src/compose/composeSite.js";
import { Organizations } from "../../src/compose/Organizations.js";
import { readConfig } from "../../src/config/readConfig.js";
import type { Clock } from "../../src/domain/Clock.js";
import { ChangeEvents } from "../../src/loaders/engine/ChangeEvents.js";
import { createLogger } from "../../src/observability/Logger.js";
import { LocalLocks } from "../../src/record/Locks.js";
import { MemoryRecord } from "../../src/record/MemoryRecord.js";

interface ConfiguredSite {
  /** The variables that say which site, and with which credential. */
  readonly env: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly cache?: TtlCache | undefined;
  readonly lifetimes?: Lifetimes | undefined;
  /** Shared with another site of the same organization. */
  readonly changes?: ChangeEvents | undefined;
}

/** One site put together as the server does it, without a server: for tests below the graph. */
export function serveConfiguredSite({ env, clock, cache, lifetimes, changes }: ConfiguredSite): ServedSite {
  const config = readConfig({ CONFLUENCE_CONCURRENCY: "4", ...env });
  const [site] = config.sites;
  if (site === undefined) throw new Error("no site is configured");
  const logger = createLogger({ level: "error", destination: { write: () => undefined } });
  return composeSite({
    config: site,
    organizations: new Organizations({ clock, random: Math.random, logger }),
    record: new MemoryRecord(clock),
    locks: new LocalLocks(),
    cache: cache ?? new TtlCache({ maxBytes: 10_000_000, maxEntries: 1_000, clock }),
    maxOverdueMs: config.cache.maxOverdueMs,
    lifetimes: lifetimes ?? config.cache.ttlMs,
    indexConfig: config.index,
    changes: changes ?? new ChangeEvents(),
    clock,
    logger,
  });
}
