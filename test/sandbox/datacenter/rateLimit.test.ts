import { describe, expect, it } from "vitest";
import { MovableClock } from "../support/MovableClock.js";
import { openDataCenter } from "../support/openDataCenter.js";

const path = "/rest/api/group";

function rateHeaders({ headers }: { readonly headers: Headers }): readonly (string | null)[] {
  const names = ["limit", "remaining", "interval-seconds", "fillrate"].map((name) => `x-ratelimit-${name}`);
  return [...names, "retry-after"].map((name) => headers.get(name));
}

describe("the token bucket", () => {
  it("says Retry-After: 0 on what it allows", async () => {
    const { get } = await openDataCenter({
      clock: new MovableClock(),
      dataCenter: { rate: { capacity: 3, fillRate: 2, intervalSeconds: 10 } },
    });
    expect(rateHeaders(await get(path))).toEqual(["3", "2", "10", "2", "0"]);
    expect(rateHeaders(await get("/rest/api/group/none"))).toEqual(["3", "1", "10", "2", "0"]);
  });

  it("refuses when it is empty and says when the next call is there, which then is", async () => {
    const clock = new MovableClock();
    const { get, raw } = await openDataCenter({
      clock,
      dataCenter: { rate: { capacity: 2, fillRate: 1, intervalSeconds: 10 } },
    });
    await get(path);
    clock.advance(3_000);
    await get(path);
    const refused = await raw(path, { headers: { authorization: "Bearer sandbox-personal-access-token" } });
    expect([refused.status, refused.body]).toEqual([429, { message: "Rate limit exceeded." }]);
    expect(rateHeaders(refused)).toEqual(["2", "0", "10", "1", "7"]);
    clock.advance(6_999);
    expect((await get(path)).status).toBe(429);
    clock.advance(1);
    expect((await get(path)).status).toBe(200);
    expect((await get(path)).status).toBe(429);
    clock.advance(1_000_000);
    expect(rateHeaders(await get(path))).toEqual(["2", "1", "10", "1", "0"]);
  });

  it("is each user's own, whichever credential they use", async () => {
    const { get, read, raw } = await openDataCenter({
      clock: new MovableClock(),
      dataCenter: { rate: { capacity: 1, fillRate: 1, intervalSeconds: 60 } },
    });
    expect((await get(path)).status).toBe(200);
    expect((await read(path)).status).toBe(200);
    const password = `Basic ${Buffer.from("admin:sandbox-password").toString("base64")}`;
    expect((await raw(path, { headers: { authorization: password } })).status).toBe(429);
  });

  it("waits for good on a zero quota, in a number that no clock holds", async () => {
    const { get, root } = await openDataCenter({
      clock: new MovableClock(),
      dataCenter: { rate: { capacity: 0, fillRate: 0, intervalSeconds: 1 } },
    });
    const refused = await get(path);
    expect([refused.status, rateHeaders(refused)]).toEqual([429, ["0", "0", "1", "0", "9223372036854775807"]]);
    expect((await root("/__sandbox/journal")).status).toBe(200);
  });

  it("refuses nothing without a rate, and still tells where it stands", async () => {
    const { get } = await openDataCenter({ clock: new MovableClock() });
    for (let call = 0; call < 20; call += 1) {
      expect(rateHeaders(await get(path))).toEqual(["10000", "10000", "1", "10000", "0"]);
    }
  });
});
