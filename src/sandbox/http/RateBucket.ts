import { limits } from "../limits.js";
import type { RateLimit, RateVerdict } from "./RateLimit.js";

/** A token bucket of one second's calls: the burst limit that holds for every kind of credential. */
export class RateBucket implements RateLimit {
  #tokens: number;
  #at: number;
  readonly #rate: number;
  readonly #capacity: number;

  /** `ratePerSecond` may be a fraction; undefined never refuses. */
  constructor(
    readonly ratePerSecond: number | undefined,
    now: number,
  ) {
    this.#rate = ratePerSecond ?? limits.nominalRatePerSecond;
    this.#capacity = Math.max(1, this.#rate);
    this.#tokens = this.#capacity;
    this.#at = now;
  }

  take(now: number): RateVerdict {
    this.#fill(now);
    if (this.ratePerSecond === undefined) return this.#verdict(true, now);
    const isAllowed = this.#tokens >= 1;
    if (isAllowed) this.#tokens -= 1;
    return this.#verdict(isAllowed, now);
  }

  tell(now: number): RateVerdict["headers"] {
    this.#fill(now);
    return this.#verdict(true, now).headers;
  }

  #fill(now: number): void {
    this.#tokens = Math.min(this.#capacity, this.#tokens + (Math.max(0, now - this.#at) / 1000) * this.#rate);
    this.#at = now;
  }

  #verdict(isAllowed: boolean, now: number): RateVerdict {
    const missing = Math.max(0, 1 - this.#tokens) / this.#rate;
    const retryAfterSeconds = isAllowed ? 0 : Math.max(1, Math.ceil(missing));
    const limit = Math.ceil(this.#capacity);
    const remaining = Math.floor(this.#tokens);
    const refillMs = ((this.#capacity - this.#tokens) / this.#rate) * 1000;
    return {
      isAllowed,
      headers: {
        "X-RateLimit-Limit": String(limit),
        "X-RateLimit-Remaining": String(remaining),
        "X-RateLimit-Reset": new Date(now + Math.max(refillMs, retryAfterSeconds * 1000)).toISOString(),
        "X-RateLimit-NearLimit": String(remaining < limit * limits.nearLimitShare),
        ...(isAllowed
          ? {}
          : { "Retry-After": String(retryAfterSeconds), "RateLimit-Reason": "confluence-burst-based" }),
      },
    };
  }
}
