import type { SiteError, SiteErrorKind } from "../domain/SiteError.js";
import { classifyNetworkCode } from "./errors.js";
import { type HttpLimits, httpLimits } from "./limits.js";
import type { HttpRequest } from "./Transport.js";

export interface RetryFacts {
  readonly method: HttpRequest["method"];
  readonly isReplaySafe: boolean;
  /** `null` where no answer came; `networkCode` says why then. */
  readonly status: number | null;
  readonly networkCode: string | null;
  /** What the answer was classified as, where an adapter knows more than the status says. */
  readonly errorKind?: SiteErrorKind;
  readonly retryAfterMs: number | null;
  /** Attempts made so far, from 1. */
  readonly attempt: number;
  readonly elapsedMs: number;
  readonly budgetMs: number;
}

/**
 * Why a call is not repeated: the same answer would come again; it may have been applied already; it was repeated often
 * enough; the time that is left does not hold the wait; too much is repeated at this site already.
 */
export type GiveUpReason = "fatal" | "unsafe" | "retries-spent" | "budget-spent" | "site-budget-spent";
export type RetryDecision =
  | { readonly action: "retry"; readonly delayMs: number }
  | { readonly action: "give-up"; readonly reason: GiveUpReason };

const passingKinds: readonly SiteErrorKind[] = ["Throttled", "Unreachable", "UpstreamFailed"];

/**
 * Whether a failed attempt is repeated, and when.
 *
 * | failure | GET or replay-safe | write |
 * |---|---|---|
 * | 429 | repeat | repeat: the upstream refused it before doing anything |
 * | never connected | repeat | repeat: nothing was sent |
 * | 5xx except 501, 503 with `Retry-After` too | repeat | not: what stands behind the one who answered may have done it |
 * | answer lost or broken | repeat | not: it may have been applied |
 * | any other 4xx, 501, another shape, certificate refused | not | not |
 *
 * A `Retry-After` is waited whole, never cut to our own ceiling; a wait that the budget does not hold is not begun.
 *
 * @param random a number in [0, 1), for the jitter.
 */
export function decideRetry(
  facts: RetryFacts,
  random: () => number,
  limits: Pick<HttpLimits, "maxRetries" | "retryBaseMs" | "retryCapMs"> = httpLimits,
): RetryDecision {
  const obstacle = mayRepeat(facts);
  if (obstacle !== null) return { action: "give-up", reason: obstacle };
  if (facts.attempt > limits.maxRetries) return { action: "give-up", reason: "retries-spent" };

  const remainingMs = facts.budgetMs - facts.elapsedMs;
  const toldMs = facts.retryAfterMs ?? 0;
  const delayMs = Math.ceil(
    toldMs > 0 ? spread(toldMs, remainingMs, random() * limits.retryBaseMs) : backoff(facts, random, limits),
  );
  return delayMs < remainingMs ? { action: "retry", delayMs } : { action: "give-up", reason: "budget-spent" };
}

function mayRepeat(facts: RetryFacts): GiveUpReason | null {
  if (facts.errorKind !== undefined && !passingKinds.includes(facts.errorKind)) return "fatal";
  const isRepeatable = facts.method === "GET" || facts.isReplaySafe;
  if (facts.status === null) {
    const fault = classifyNetworkCode(facts.networkCode);
    if (fault === "never-sent") return null;
    if (fault !== "answer-lost" && fault !== "not-http") return "fatal";
    return isRepeatable ? null : "unsafe";
  }
  const isRefusal = facts.status === 429 || (facts.status < 500 && facts.errorKind === "Throttled");
  if (isRefusal) return null;
  if (facts.status < 500 || facts.status === 501) return "fatal";
  return isRepeatable ? null : "unsafe";
}

/** Later than told, never earlier, so that several processes do not come back in the same millisecond. */
function spread(toldMs: number, remainingMs: number, jitterMs: number): number {
  return toldMs + jitterMs < remainingMs ? toldMs + jitterMs : toldMs;
}

function backoff(
  facts: RetryFacts,
  random: () => number,
  limits: Pick<HttpLimits, "retryBaseMs" | "retryCapMs">,
): number {
  const ceilingMs = Math.min(limits.retryCapMs, limits.retryBaseMs * 2 ** (facts.attempt - 1));
  // Full jitter may come to nothing; after a 429 without a time to wait at least half is kept.
  const floorMs = facts.status === 429 ? ceilingMs / 2 : 0;
  return floorMs + random() * (ceilingMs - floorMs);
}

/** It was given up after it was tried as often, or as long, as may be. */
export function isSpent(reason: GiveUpReason): boolean {
  return reason !== "fatal" && reason !== "unsafe";
}

/** The failure says something of the site as a whole, and not of our own waiting or of its limits. */
export function isOfSite({ kind, status }: SiteError): boolean {
  return kind === "Throttled" ? status !== null && status >= 500 : kind === "UpstreamFailed" || kind === "Unreachable";
}
