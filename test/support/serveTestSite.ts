import type { Lifetimes, TtlCache } from "../../src/cache/TtlCache.js";
import type { ServedSite } from "../../src/compose/composeSite.js";
import type { Clock } from "../../src/domain/Clock.js";
import { serveConfiguredSite } from "./serveConfiguredSite.js";

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
  const env = {
    CONFLUENCE_URL: url,
    CONFLUENCE_DEPLOYMENT: "cloud",
    CONFLUENCE_EMAIL: email,
    CONFLUENCE_API_TOKEN: apiToken,
  };
  return serveConfiguredSite({ env, clock, cache, lifetimes });
}
