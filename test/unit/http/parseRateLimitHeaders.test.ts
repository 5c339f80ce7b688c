import { describe, expect, it } from "vitest";
import { parseRateLimitHeaders } from "../../../src/http/parseRateLimitHeaders.js";

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
