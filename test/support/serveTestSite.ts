import type { Lifetimes } from "../../src/cache/lifetimes.js";
import { TtlCache } from "../../src/cache/TtlCache.js";
import { composeSite, type ServedSite } from "../../src/compose/composeSite.js";
import { Organizations } from "../../src/compose/Organizations.js";
import { readConfig } from "../../src/config/readConfig.js";
import type { Clock } from "../../src/domain/Clock.js";
import { createLogger } from "../../src/observability/createLogger.js";
import { KeyedLock } from "../../src/provisioning/KeyedLock.js";

interface TestSite {
  readonly url: string;
  readonly email: string;
  readonly apiToken: string;
  readonly clock: Clock;
  readonly cache?: TtlCache;
  readonly lifetimes?: Lifetimes;
}

/** One Cloud site put together as the server does it, without a server: for tests below the graph. */
export function serveTestSite({ url, email, apiToken, clock, cache, lifetimes }: TestSite): ServedSite {
  const config = readConfig({
    CONFLUENCE_URL: url,
    CONFLUENCE_DEPLOYMENT: "cloud",
    CONFLUENCE_EMAIL: email,
    CONFLUENCE_API_TOKEN: apiToken,
    CONFLUENCE_CONCURRENCY: "4",
  });
  const [site] = config.sites;
  if (site === undefined) throw new Error("no site is configured");
  const logger = createLogger({ level: "error", destination: { write: () => undefined } });
  return composeSite({
    config: site,
    organizations: new Organizations({ clock, random: Math.random, logger }),
    audit: { record: async () => undefined, close: async () => undefined },
    lock: new KeyedLock(),
    cache: cache ?? new TtlCache({ maxBytes: 10_000_000, maxEntries: 1_000, clock }),
    lifetimes: lifetimes ?? config.cache.ttlMs,
    clock,
    logger,
  });
}
