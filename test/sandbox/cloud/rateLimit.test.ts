import { describe, expect, it } from "vitest";
import { MovableClock } from "../support/MovableClock.js";
import { openSandbox } from "../support/openSandbox.js";

const path = "/wiki/api/v2/space-role-mode";

describe("the rate limit", () => {
  it("answers 429 with Retry-After and the rate-limit headers once a second's calls are spent", async () => {
    const clock = new MovableClock();
    const { get } = await openSandbox({ clock, ratePerSecond: 5 });
    const first = await get(path);
    expect(first.headers.get("x-ratelimit-limit")).toBe("5");
    expect(first.headers.get("x-ratelimit-remaining")).toBe("4");
    expect(first.headers.get("x-ratelimit-nearlimit")).toBe("false");
    expect(first.headers.get("x-ratelimit-reset")).toMatch(/^2026-11-20T.*Z$/);
    for (let call = 0; call < 4; call += 1) expect((await get(path)).status).toBe(200);
    const refused = await get(path);
    expect(refused.status).toBe(429);
    expect(refused.body).toMatchObject({ errors: [{ status: 429 }] });
    expect(refused.headers.get("retry-after")).toBe("1");
    expect(refused.headers.get("x-ratelimit-remaining")).toBe("0");
    expect(refused.headers.get("x-ratelimit-nearlimit")).toBe("true");
    expect(refused.headers.get("ratelimit-reason")).toBeTruthy();
    expect((await get("/wiki/rest/api/group")).body).toMatchObject({ statusCode: 429 });
  });

  it("serves who waited the full Retry-After", async () => {
    const clock = new MovableClock();
    const { get } = await openSandbox({ clock, ratePerSecond: 0.25 });
    expect((await get(path)).status).toBe(200);
    const refused = await get(path);
    expect(refused.headers.get("retry-after")).toBe("4");
    clock.advance(3_900);
    expect((await get(path)).status).toBe(429);
    clock.advance(100);
    expect((await get(path)).status).toBe(200);
  });

  it("refuses nothing without a rate, yet tells where it stands", async () => {
    const { get } = await openSandbox({ clock: new MovableClock() });
    for (let call = 0; call < 50; call += 1)
      expect((await get(path)).headers.get("x-ratelimit-nearlimit")).toBe("false");
  });

  it("leaves the control routes alone", async () => {
    const { get, raw } = await openSandbox({ clock: new MovableClock(), ratePerSecond: 1 });
    await get(path);
    expect((await get(path)).status).toBe(429);
    expect((await raw("/__sandbox/journal")).status).toBe(200);
  });
});
