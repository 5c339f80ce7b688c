import { describe, expect, it } from "vitest";
import { decideRetry, type RetryDecision, type RetryFacts } from "../../../src/http/retry.js";

const limits = { maxRetries: 4, retryBaseMs: 250, retryCapMs: 4_000 };
const answered: RetryFacts = {
  method: "GET",
  isReplaySafe: false,
  status: 500,
  networkCode: null,
  retryAfterMs: null,
  attempt: 1,
  elapsedMs: 0,
  budgetMs: 30_000,
};
const unanswered: RetryFacts = { ...answered, status: null };

const retry = (delayMs: number): RetryDecision => ({ action: "retry", delayMs });
const giveUp = (reason: "fatal" | "unsafe" | "retries-spent" | "budget-spent"): RetryDecision => ({
  action: "give-up",
  reason,
});

describe("decideRetry", () => {
  it.each<[string, RetryFacts, RetryDecision]>([
    [
      "waits the full Retry-After even when its own ceiling is lower",
      { ...answered, status: 429, retryAfterMs: 20_000 },
      retry(20_000),
    ],
    [
      "gives up at once when the budget does not hold the Retry-After",
      { ...answered, status: 429, retryAfterMs: 30_000 },
      giveUp("budget-spent"),
    ],
    [
      "counts the time that has gone against the Retry-After",
      { ...answered, status: 429, retryAfterMs: 20_000, elapsedMs: 10_000 },
      giveUp("budget-spent"),
    ],
    [
      "repeats a write after 429, which refused it",
      { ...answered, method: "POST", status: 429, retryAfterMs: 1_000 },
      retry(1_000),
    ],
    ["waits at least half a backoff after a 429 that names no time", { ...answered, status: 429 }, retry(125)],
    ["treats Retry-After 0 as no time named", { ...answered, status: 429, retryAfterMs: 0 }, retry(125)],
    [
      "repeats a read after 503 with Retry-After",
      { ...answered, status: 503, retryAfterMs: 2_000, errorKind: "Throttled" },
      retry(2_000),
    ],
    [
      "does not repeat a write after 503 with Retry-After, which may have been applied",
      { ...answered, method: "POST", status: 503, retryAfterMs: 2_000, errorKind: "Throttled" },
      giveUp("unsafe"),
    ],
    [
      "repeats a replay-safe POST after 503 with Retry-After",
      { ...answered, method: "POST", isReplaySafe: true, status: 503, retryAfterMs: 2_000 },
      retry(2_000),
    ],
    ["repeats a read after 500", answered, retry(0)],
    ["repeats a read after 504", { ...answered, status: 504 }, retry(0)],
    ["does not repeat a write after 500", { ...answered, method: "POST" }, giveUp("unsafe")],
    [
      "does not repeat a PUT after 502, though HTTP calls it idempotent",
      { ...answered, method: "PUT", status: 502 },
      giveUp("unsafe"),
    ],
    ["does not repeat a DELETE after 502", { ...answered, method: "DELETE", status: 502 }, giveUp("unsafe")],
    ["honours a Retry-After on any 5xx", { ...answered, status: 502, retryAfterMs: 3_000 }, retry(3_000)],
    ["takes 501 for final", { ...answered, status: 501 }, giveUp("fatal")],
    ["takes 400 for final", { ...answered, status: 400 }, giveUp("fatal")],
    ["takes 401 for final", { ...answered, status: 401 }, giveUp("fatal")],
    ["takes 404 for final", { ...answered, status: 404 }, giveUp("fatal")],
    ["takes 409 for final, a Retry-After or not", { ...answered, status: 409, retryAfterMs: 1_000 }, giveUp("fatal")],
    ["takes a redirect for final", { ...answered, status: 302 }, giveUp("fatal")],
    [
      "takes a 2xx of another shape for final",
      { ...answered, status: 200, errorKind: "ContractDrift" },
      giveUp("fatal"),
    ],
    [
      "takes a 2xx too long to read for final",
      { ...answered, status: 200, errorKind: "UpstreamFailed" },
      giveUp("fatal"),
    ],
    [
      "believes an adapter that a 503 is not passing",
      { ...answered, status: 503, errorKind: "Unsupported" },
      giveUp("fatal"),
    ],
    ["repeats a read whose answer was lost", { ...unanswered, networkCode: "ECONNRESET" }, retry(0)],
    [
      "does not repeat a write whose answer was lost",
      { ...unanswered, method: "POST", networkCode: "ECONNRESET" },
      giveUp("unsafe"),
    ],
    [
      "does not repeat a write after a header timeout",
      { ...unanswered, method: "POST", networkCode: "UND_ERR_HEADERS_TIMEOUT" },
      giveUp("unsafe"),
    ],
    [
      "repeats a replay-safe POST whose answer was lost",
      { ...unanswered, method: "POST", isReplaySafe: true, networkCode: "ECONNRESET" },
      retry(0),
    ],
    [
      "repeats a write that was never sent: refused",
      { ...unanswered, method: "POST", networkCode: "ECONNREFUSED" },
      retry(0),
    ],
    [
      "repeats a write that was never sent: unknown host",
      { ...unanswered, method: "DELETE", networkCode: "ENOTFOUND" },
      retry(0),
    ],
    [
      "repeats a write that was never sent: connect timeout",
      { ...unanswered, method: "PUT", networkCode: "UND_ERR_CONNECT_TIMEOUT" },
      retry(0),
    ],
    [
      "takes an untrusted certificate for final",
      { ...unanswered, networkCode: "SELF_SIGNED_CERT_IN_CHAIN" },
      giveUp("fatal"),
    ],
    ["repeats a read whose chunked body broke off", { ...unanswered, networkCode: "HPE_INVALID" }, retry(0)],
    [
      "takes a request that cannot be written for final",
      { ...unanswered, networkCode: "UND_ERR_INVALID_ARG" },
      giveUp("fatal"),
    ],
    ["repeats a fourth time", { ...answered, attempt: 4 }, retry(0)],
    ["does not repeat a fifth time", { ...answered, attempt: 5 }, giveUp("retries-spent")],
    [
      "does not repeat a fifth time after 429 either",
      { ...answered, status: 429, retryAfterMs: 1, attempt: 5 },
      giveUp("retries-spent"),
    ],
    ["does not begin a wait when the budget is spent", { ...answered, elapsedMs: 30_000 }, giveUp("budget-spent")],
  ])("%s", (_behaviour, facts, decision) => {
    expect(decideRetry(facts, () => 0, limits)).toEqual(decision);
  });

  it("doubles its ceiling with each attempt and stops at the cap", () => {
    const longest = [1, 2, 3, 4].map((attempt) =>
      decideRetry({ ...answered, attempt }, () => 1, { ...limits, retryCapMs: 1_500 }),
    );
    expect(longest).toEqual([retry(250), retry(500), retry(1_000), retry(1_500)]);
  });

  it("takes any delay below the ceiling, so that callers spread out", () => {
    expect(decideRetry({ ...answered, attempt: 3 }, () => 0.25, limits)).toEqual(retry(250));
  });

  it("adds jitter after a Retry-After, never before it", () => {
    expect(decideRetry({ ...answered, status: 429, retryAfterMs: 5_000 }, () => 0.5, limits)).toEqual(retry(5_125));
  });

  it("leaves the jitter out where the budget holds the Retry-After alone", () => {
    const facts = { ...answered, status: 429, retryAfterMs: 5_000, budgetMs: 5_001 };
    expect(decideRetry(facts, () => 0.9, limits)).toEqual(retry(5_000));
  });
});
