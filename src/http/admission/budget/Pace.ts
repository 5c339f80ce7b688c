import { admissionLimits } from "../../limits.js";
import type { RateLimitStatus } from "../../rateLimits.js";

/**
 * When the next call may go by what the site says remains. What is in flight may not have been counted yet, so no more is sent
 * than remains without it: a site that tells how much it allows need not refuse anything.
 */
export class Pace {
  #told: RateLimitStatus | null = null;
  /** The site said that nothing remains, and says so again after it was to begin anew: it means something else by it. */
  #isBelieved = true;

  observe(told: RateLimitStatus): void {
    const before = this.#told;
    this.#told = told;
    if (told.remaining === null) return;
    if (told.remaining > 0) this.#isBelieved = true;
    else if (before?.remaining === 0 && told.observedAtMs >= renewedAtMs(before) && brings(told) > 1)
      this.#isBelieved = false;
  }

  /**
   * In the past for at once, never before one in flight is answered for infinity.
   *
   * @param sharers how many processes share what remains, each taking an equal part.
   */
  nextMs(nowMs: number, inFlight: number, sharers = 1): number {
    const told = this.#told;
    if (told === null || told.remaining === null || !this.#isBelieved) return nowMs;
    if (told.remaining >= (inFlight + 1) * sharers) return nowMs;
    const renewedMs = renewedAtMs(told);
    if (renewedMs <= nowMs) return nowMs;
    if (inFlight > 0) return Number.POSITIVE_INFINITY;
    // A quota of an hour is not waited out on a header's word: the site refuses, and says for how long.
    return told.remaining > 0 || renewedMs - nowMs > admissionLimits.quotaWaitMs ? nowMs : renewedMs;
  }
}

/** When there is more again. */
function renewedAtMs({ resetAtMs, refill, observedAtMs }: RateLimitStatus): number {
  if (resetAtMs !== null) return resetAtMs;
  return observedAtMs + (refill?.intervalMs ?? 0);
}

/** How much there is then. */
function brings({ refill, limit }: RateLimitStatus): number {
  return refill?.units ?? limit ?? 2;
}
