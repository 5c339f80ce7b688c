import { describe, expect, it } from "vitest";
import { longestTimerMs } from "../../../src/http/limits.js";
import { parseRateLimitHeaders, parseRetryAfter } from "../../../src/http/rateLimits.js";

const nowMs = Date.UTC(2026, 10, 20, 12, 0, 0);

describe("parseRateLimitHeaders", () => {
  it("reads the X-RateLimit headers", () => {
    const headers = {
      "x-ratelimit-limit": "65000",
      "x-ratelimit-remaining": "11000",
      "x-ratelimit-reset": "2026-11-20T13:00:00Z",
      "x-ratelimit-nearlimit": "true",
      "ratelimit-reason": "confluence-quota-global-based",
    };
    expect(parseRateLimitHeaders(headers, nowMs)).toEqual({
      limit: 65_000,
      remaining: 11_000,
      resetAtMs: Date.UTC(2026, 10, 20, 13, 0, 0),
      isNearLimit: true,
      reason: "confluence-quota-global-based",
      refill: null,
      observedAtMs: nowMs,
    });
  });

  it.each(["beta-ratelimit", "ratelimit"])("reads the structured %s and its policy", (name) => {
    const headers = {
      [name]: '"global-app-quota";r=11000;t=600',
      [`${name}-policy`]: '"global-app-quota";q=65000;w=3600',
    };
    expect(parseRateLimitHeaders(headers, nowMs)).toEqual({
      limit: 65_000,
      remaining: 11_000,
      resetAtMs: nowMs + 600_000,
      isNearLimit: true,
      reason: "global-app-quota",
      refill: null,
      observedAtMs: nowMs,
    });
  });

  it("reports the quota with the smallest share left when there are several", () => {
    const headers = {
      "beta-ratelimit": '"hour";r=60000;t=600, "second";r=1;t=1',
      "beta-ratelimit-policy": '"hour";q=65000;w=3600, "second";q=100;w=1',
    };
    expect(parseRateLimitHeaders(headers, nowMs)).toMatchObject({ reason: "second", limit: 100, remaining: 1 });
  });

  it("is not near the limit with a fifth left", () => {
    const headers = { "x-ratelimit-limit": "100", "x-ratelimit-remaining": "20" };
    expect(parseRateLimitHeaders(headers, nowMs)?.isNearLimit).toBe(false);
  });

  it("believes the upstream's own warning over the numbers", () => {
    const headers = { "x-ratelimit-limit": "100", "x-ratelimit-remaining": "5", "x-ratelimit-nearlimit": "false" };
    expect(parseRateLimitHeaders(headers, nowMs)?.isNearLimit).toBe(false);
  });

  it("does not take X-Beta-RateLimit for a limit: it says what would have been limited", () => {
    const headers = { "x-beta-ratelimit-limit": "10", "x-beta-ratelimit-remaining": "0", "retry-after": "5" };
    expect(parseRateLimitHeaders(headers, nowMs)).toBeNull();
  });

  it("leaves out what it cannot read", () => {
    const headers = { "x-ratelimit-limit": "many", "x-ratelimit-remaining": "-1", "x-ratelimit-reset": "later" };
    expect(parseRateLimitHeaders(headers, nowMs)).toBeNull();
    expect(parseRateLimitHeaders({ ratelimit: "garbage;;r=,,t" }, nowMs)).toBeNull();
  });
});

describe("parseRetryAfter", () => {
  it.each<[string, string | string[] | null | undefined, number | null]>([
    ["seconds", "120", 120_000],
    ["seconds with spaces around", " 7 ", 7_000],
    ["a fraction of a second, rounded up", "0.0015", 2],
    ["0", "0", 0],
    ["the first of several headers", ["3", "9"], 3_000],
    ["an HTTP date", "Fri, 20 Nov 2026 12:00:30 GMT", 30_000],
    ["a date in the past as no wait", "Fri, 20 Nov 2026 11:00:00 GMT", 0],
    ["the longest that a timer can hold", String(longestTimerMs / 1_000), longestTimerMs],
    ["2^63 - 1, which nobody can wait for, as nothing", "9223372036854775807", null],
    ["a date too far off to wait for as nothing", "Fri, 20 Nov 2099 12:00:00 GMT", null],
    ["a negative number as nothing", "-5", null],
    ["words as nothing", "soon", null],
    ["words with a number, which Date.parse takes for a date, as nothing", "soon 12", null],
    ["a date that does not exist as nothing", "Fri, 99 Nov 2026 12:00:00 GMT", null],
    ["infinity as nothing", "Infinity", null],
    ["an empty header as nothing", "", null],
    ["no header as nothing", undefined, null],
  ])("reads %s", (_case, value, expected) => {
    expect(parseRetryAfter(value, nowMs)).toBe(expected);
  });
});
