import type { RateLimit, RateVerdict } from "../http/RateLimit.js";
import type { SandboxRequest } from "../http/SandboxRequest.js";
import { TokenBucket, type TokenBucketRate } from "./TokenBucket.js";

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
