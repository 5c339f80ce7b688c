import type { RateLimit, RateVerdict } from "../http/RateLimit.js";
import type { SandboxRequest } from "../http/SandboxRequest.js";
import { limits } from "../limits.js";

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
export class TokenBucket {
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
