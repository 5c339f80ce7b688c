import { EngineShelf } from "../../crawl/shared/EngineShelf.js";
import { type CrawlSharing, shareLimits } from "../../crawl/shared/SharedCrawl.js";
import { TouchedParts } from "../../crawl/shared/TouchedParts.js";
import type { Clock } from "../../domain/Clock.js";
import type { FleetEngine } from "../../fleet/FleetEngine.js";
import type { SitePositions } from "../../loaders/fleet/SiteChanges.js";
import { withRealPauses } from "../systemClock.js";

interface SharedCrawlParts {
  readonly engine: FleetEngine;
  readonly positions: SitePositions;
  /** Which site, and who reads it: what one credential sees is no other's. */
  readonly parts: string;
  readonly ttlMs: number;
  readonly clock: Clock;
}

/** What the processes that read a site alike share its access index by. */
export function shareCrawl({ engine, positions, parts, ttlMs, clock }: SharedCrawlParts): CrawlSharing {
  const { leaseMs, lifetimesKept } = shareLimits;
  return {
    // Hashed once more with what all processes share: nobody who reads the engine learns whose it is.
    shelf: new EngineShelf({ engine, scope: engine.key("index", parts), leaseMs, keptMs: ttlMs * lifetimesKept }),
    touched: new TouchedParts(positions),
    times: engine,
    clock: withRealPauses(clock),
  };
}
