import { admissionLimits } from "../../limits.js";
import type { RateLimitStatus } from "../../rateLimits.js";

/**
 * What calls that nobody waits for may take of what a site allows: a share of its concurrency, at least one call; and where it
 * tells how much remains, a share of that. What they have used is counted in the site's own units, from answer to answer, since
 * one call may cost a site more than another; what it fills up again is given back.
 */
export class BackgroundShare {
  /** Of 1. */
  readonly #share: number;
  readonly #lanes: number;
  #told: RateLimitStatus | null = null;
  /** Units used, and not filled up since. */
  #used = 0;
  /** What one call cost last. */
  #cost = 1;

  constructor({ share, concurrency }: { readonly share: number; readonly concurrency: number }) {
    this.#share = share;
    this.#lanes = Math.max(1, Math.floor(share * concurrency));
  }

  /** Takes over what an answer tells of the site's limits. What is gone since the answer before, its call has used. */
  observe(told: RateLimitStatus, isBackground: boolean): void {
    const before = this.#told?.remaining ?? null;
    this.#told = told;
    if (told.remaining === null || before === null) return;
    const gone = before - told.remaining;
    if (gone < 0) this.#used = Math.max(0, this.#used + gone);
    else if (isBackground && gone > 0) {
      this.#used += gone;
      this.#cost = gone;
    }
  }

  /** When the next call may go: in the past for at once, never before one of its kind is over for infinity. */
  nextMs(nowMs: number, inFlight: number): number {
    if (inFlight >= this.#lanes) return Number.POSITIVE_INFINITY;
    const told = this.#told;
    if (told === null || told.remaining === null) return nowMs;
    if (told.resetAtMs !== null && told.resetAtMs <= nowMs) {
      // It begins anew, and the next answer tells with how much.
      this.#told = null;
      this.#used = 0;
      return nowMs;
    }
    const isWithin = this.#used + (inFlight + 1) * this.#cost <= this.#share * (told.remaining + this.#used);
    if (isWithin) return nowMs;
    if (told.resetAtMs !== null) return told.resetAtMs;
    // A bucket that is filled all the time: one call now and then shows how far.
    return inFlight > 0 ? Number.POSITIVE_INFINITY : told.observedAtMs + admissionLimits.quotaLookMs;
  }
}
