import type { Outage } from "../access/index/SiteTables.js";
import type { Clock } from "../domain/Clock.js";
import { type Gap, gapFromError } from "../domain/Complete.js";
import { SiteError } from "../domain/SiteError.js";
import { crawlLimits } from "./KeptIndex.js";
import type { PartFailure } from "./PartReader.js";
import { isOutage } from "./Pass.js";

interface OutageTimes {
  readonly ttlMs: number;
  readonly maxOverdueMs: number;
  readonly clock: Clock;
}

export function gapOfOutage(failure: PartFailure): Gap {
  const missing = "what changed since the site was read";
  return failure instanceof SiteError ? gapFromError(missing, failure) : { ...failure, missing };
}

/** What could not be read again in time is stale, and unknown after a while; at once where the site lets us read no more. */
export function outageFor(gap: Gap, { ttlMs, maxOverdueMs, clock }: OutageTimes): Outage {
  const staleAfterMs = ttlMs * crawlLimits.lifetimesKept;
  const unknownAfterMs = staleAfterMs + (isOutage(gap) ? maxOverdueMs : 0);
  // Looked up at each answer: until the next try it may be hours.
  return {
    get staleBeforeMs() {
      return clock.now() - staleAfterMs;
    },
    get unknownBeforeMs() {
      return clock.now() - unknownAfterMs;
    },
    gap,
  };
}
