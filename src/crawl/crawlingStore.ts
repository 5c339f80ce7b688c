import { TtlCache } from "../cache/TtlCache.js";
import type { ConfluenceSite } from "../confluence/port.js";
import type { Clock } from "../domain/Clock.js";
import { ChangeEvents } from "../loaders/engine/ChangeEvents.js";
import { SiteStore } from "../loaders/engine/SiteStore.js";
import { crawlLimits } from "./KeptIndex.js";

/** What a crawl puts facts of accounts together by: it remembers next to nothing, and nothing for long. */
export function crawlingStore(site: ConfluenceSite, clock: Clock): SiteStore {
  const { memoryBytes: maxBytes, memoryEntries: maxEntries, memoryMs } = crawlLimits;
  return new SiteStore({
    site,
    scope: { siteId: site.siteId, credentialFingerprint: "crawl" },
    cache: new TtlCache({ maxBytes, maxEntries, clock }),
    lifetimes: {
      accounts: memoryMs,
      groups: memoryMs,
      spaces: memoryMs,
      memberships: memoryMs,
      grants: memoryMs,
      roles: memoryMs,
      misses: memoryMs,
    },
    clock,
    // Nobody is told here of changes, and nothing lives so long that it would have to be forgotten.
    changes: new ChangeEvents(),
  });
}
