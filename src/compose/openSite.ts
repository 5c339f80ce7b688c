import { TtlCache } from "../cache/TtlCache.js";
import type { Config } from "../config/Config.js";
import { type SiteConfig, secretsOf } from "../config/sites/SiteConfig.js";
import type { KeptIndex } from "../crawl/KeptIndex.js";
import { ChangeEvents } from "../loaders/engine/ChangeEvents.js";
import { SiteLoaders } from "../loaders/engine/SiteLoaders.js";
import type { Logger } from "../observability/Logger.js";
import { registerSecret } from "../observability/redact.js";
import { LocalLocks } from "../record/Locks.js";
import { MemoryRecord } from "../record/MemoryRecord.js";
import { composeSite } from "./composeSite.js";
import { Organizations } from "./Organizations.js";
import { systemClock } from "./systemClock.js";

/** A site that a command reads, without a server. */
export interface OpenSite {
  readonly loaders: SiteLoaders;
  readonly index: KeptIndex;
  /** No part of the index is read again from now on: what it says stays as it is. */
  freeze(): void;
  close(): Promise<void>;
}

const limits = { cacheBytes: 32 * 1024 * 1024, cacheEntries: 100_000 } as const;

/** Opens one site for reading: nothing is changed, and nothing recorded. */
export function openSite(config: Config, site: SiteConfig, logger: Logger): OpenSite {
  const clock = systemClock;
  for (const secret of secretsOf(site)) registerSecret(secret);
  const organizations = new Organizations({ clock, random: Math.random, logger, proxy: config.proxy });
  const { store, index, readiness } = composeSite({
    config: { ...site, isProvisioningOn: false },
    organizations,
    record: new MemoryRecord(clock),
    locks: new LocalLocks(),
    cache: new TtlCache({ maxBytes: limits.cacheBytes, maxEntries: limits.cacheEntries, clock }),
    changes: new ChangeEvents(),
    maxOverdueMs: 0,
    lifetimes: config.cache.ttlMs,
    indexConfig: config.index,
    proxy: config.proxy,
    clock,
    logger,
  });
  return {
    loaders: new SiteLoaders(store, 0),
    index,
    freeze: () => index.close(),
    close: async () => {
      readiness.stop();
      index.close();
      await store.site.close();
      await organizations.close();
    },
  };
}
