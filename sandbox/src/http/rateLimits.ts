import { limits } from "../limits.js";
import type { RateLimit, RateVerdict, SandboxRequest } from "./service.js";

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

/** What an administrator sets for every user. */
export interface TokenBucketRate {
  /** Tokens in a full bucket; 0 allows nothing at all. */
  readonly capacity: number;
  /** Tokens added every interval. */
  readonly fillRate: number;
  /** Whole seconds of at least 1. */
  readonly intervalSeconds: number;
}

/** What Confluence says to wait when no wait will help: the largest number it has. */
const forGood = "9223372036854775807";
const nominal: TokenBucketRate = { capacity: limits.nominalTokens, fillRate: limits.nominalTokens, intervalSeconds: 1 };

/** One user's bucket. It starts full; each call takes a token; whole intervals fill it again. */
class TokenBucket {
  readonly #rate: TokenBucketRate;
  readonly #isBounded: boolean;
  #tokens: number;
  /** When the interval began whose tokens were last added. */
  #filledAt: number;

  /** Without a rate it never refuses. */
  constructor(rate: TokenBucketRate | undefined, now: number) {
    this.#rate = rate ?? nominal;
    this.#isBounded = rate !== undefined;
    this.#tokens = this.#rate.capacity;
    this.#filledAt = now;
  }

  take(now: number): RateVerdict {
    this.#fill(now);
    const isAllowed = !this.#isBounded || this.#tokens >= 1;
    if (isAllowed && this.#isBounded) this.#tokens -= 1;
    // It rides on successful answers as well (2026-11-21, test "says Retry-After: 0 on what it allows").
    return { isAllowed, headers: this.#headers(isAllowed ? "0" : this.#retryAfter(now)) };
  }

  tell(now: number): RateVerdict["headers"] {
    this.#fill(now);
    return this.#headers("0");
  }

  #fill(now: number): void {
    const { capacity, fillRate, intervalSeconds } = this.#rate;
    const intervalMs = intervalSeconds * 1_000;
    const intervals = Math.max(0, Math.floor((now - this.#filledAt) / intervalMs));
    this.#filledAt += intervals * intervalMs;
    this.#tokens = Math.min(capacity, this.#tokens + intervals * fillRate);
  }

  #headers(retryAfter: string): RateVerdict["headers"] {
    const { capacity, fillRate, intervalSeconds } = this.#rate;
    return {
      "X-RateLimit-Limit": String(capacity),
      "X-RateLimit-Remaining": String(this.#tokens),
      "X-RateLimit-Interval-Seconds": String(intervalSeconds),
      "X-RateLimit-FillRate": String(fillRate),
      "Retry-After": retryAfter,
    };
  }

  #retryAfter(now: number): string {
    const { capacity, fillRate, intervalSeconds } = this.#rate;
    if (capacity < 1 || fillRate <= 0) return forGood;
    const intervals = Math.ceil((1 - this.#tokens) / fillRate);
    const waitMs = this.#filledAt + intervals * intervalSeconds * 1_000 - now;
    return String(Math.max(1, Math.ceil(waitMs / 1_000)));
  }
}

/** The rate limit of Data Center: each user has a bucket, and all anonymous callers share one. */
export class TokenBuckets implements RateLimit {
  readonly #buckets = new Map<string, TokenBucket>();

  /** `holderOf` names whose bucket pays for a request. */
  constructor(
    readonly rate: TokenBucketRate | undefined,
    readonly holderOf: (request: SandboxRequest) => string,
  ) {}

  take(now: number, request: SandboxRequest): RateVerdict {
    return this.#bucketOf(now, request).take(now);
  }

  tell(now: number, request: SandboxRequest): RateVerdict["headers"] {
    return this.#bucketOf(now, request).tell(now);
  }

  #bucketOf(now: number, request: SandboxRequest): TokenBucket {
    const holder = this.holderOf(request);
    const bucket = this.#buckets.get(holder) ?? new TokenBucket(this.rate, now);
    this.#buckets.set(holder, bucket);
    return bucket;
  }
}
