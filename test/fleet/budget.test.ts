import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ConcurrencyLimit } from "../../src/http/admission/ConcurrencyLimit.js";
import { Errand } from "../../src/http/admission/Errand.js";
import { RateLimiter } from "../../src/http/admission/RateLimiter.js";
import { ManualClock } from "../support/ManualClock.js";
import { hasRedis, startRedis, type TestRedis } from "../support/startRedis.js";
import { keepAsking, openLimits, Upstream } from "./openLimits.js";

describe.skipIf(!hasRedis)("one budget over several processes", () => {
  let redis: TestRedis;
  let scopes = 0;

  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  const open = (options: { readonly processes?: number; readonly concurrency?: number | readonly number[] } = {}) => {
    scopes += 1;
    return openLimits({ server: redis.client, scope: `site ${scopes}`, ...options });
  };
  const total = (slots: ReadonlyMap<string, unknown>, prefix = "") =>
    [...slots.keys()].filter((name) => name.startsWith(prefix)).length;

  it("makes no more calls than one process does, keeps the limit, and is fair", async () => {
    const calls = 240;
    const burst = async (limits: readonly ConcurrencyLimit[], clock: ManualClock, pass: () => Promise<void>) => {
      const upstream = new Upstream({ clock, aSecond: 50, tookMs: 30 });
      const ended = limits.map(() => 0);
      let halfway: readonly number[] = [];
      const sum = () => ended.reduce((all, each) => all + each, 0);
      for (let index = 0; index < calls; index += 1) {
        const member = index % limits.length;
        const limit = limits[member];
        if (limit === undefined) throw new Error("There is no such process.");
        void upstream.call(limit, `GET /part/${index % 7}`).then(() => {
          ended[member] = (ended[member] ?? 0) + 1;
        });
      }
      for (let tick = 0; sum() < calls && tick < 5_000; tick += 1) {
        await pass();
        if (sum() >= calls / 2 && halfway.length === 0) halfway = [...ended];
      }
      return { upstream, halfway, tookMs: clock.now(), isDone: sum() === calls };
    };
    const clock = new ManualClock();
    const alone = await burst([new ConcurrencyLimit({ concurrency: 16, clock })], clock, () => clock.advance(5));
    const three = open({ concurrency: 16 });
    const shared = await burst(three.limits, three.clock, () => three.pass(5));
    expect([alone.isDone, shared.isDone]).toEqual([true, true]);
    expect(shared.upstream.mostInFlight).toBeLessThanOrEqual(16);
    expect(shared.upstream.calls).toBeLessThanOrEqual(alone.upstream.calls * 1.05);
    expect(shared.tookMs).toBeLessThanOrEqual(alone.tookMs + 500);
    // A third of 120 each would be 40.
    for (const count of shared.halfway) expect(count).toBeGreaterThan(20);
  });

  it("asks once a turn for all that wait and all that ended", async () => {
    const { ask, leave, settle, engines, slots } = open({ concurrency: 16 });
    for (let index = 0; index < 10; index += 1) ask(0, `GET /${index}`);
    await settle();
    expect(total(slots)).toBe(10);
    expect(engines[0]?.runs).toEqual(["budget"]);
    for (const name of [...slots.keys()]) leave(name);
    ask(0, "GET /last");
    await settle();
    expect(engines[0]?.runs).toEqual(["budget", "budget"]);
    expect(total(slots)).toBe(11);
    // Nobody asks where nothing happens.
    expect(engines[1]?.runs).toEqual([]);
  });

  it("lets as many be in flight over all, and changes of any process first", async () => {
    const { ask, leave, settle, pass, slots } = open({ concurrency: 4 });
    for (let index = 0; index < 8; index += 1) ask(0, `a${index}`);
    await settle();
    expect(total(slots)).toBe(4);
    ask(1, "b-read");
    ask(2, "c-change", { isChange: true });
    await pass(10);
    expect(total(slots)).toBe(4);
    leave("a0");
    // The process that has the change asks again by itself.
    await pass(60);
    expect([...slots.keys()].slice(4)).toEqual(["c-change"]);
    leave("a1");
    await pass(60);
    expect([...slots.keys()].slice(5)).toEqual(["b-read"]);
    leave("a2");
    leave("a3");
    await pass(60);
    expect(total(slots)).toBe(8);
  });

  it("lets one of a later rank go after seven, whichever process it waits in", async () => {
    const { ask, leave, pass, slots, settle } = open({ concurrency: 1, processes: 2 });
    ask(0, "first", { isChange: true });
    await settle();
    ask(1, "read");
    await pass(10);
    for (let index = 0; index < 12; index += 1) ask(0, `change ${index}`, { isChange: true });
    await pass(10);
    leave("first");
    for (let seen = 1; seen < 14; seen += 1) {
      await pass(60);
      leave([...slots.keys()][seen] ?? "");
    }
    await pass(60);
    expect([...slots.keys()].indexOf("read")).toBe(8);
    expect(total(slots)).toBe(14);
  });

  it("shares a window that is smaller than the processes are many in turn", async () => {
    const { ask, leave, pass, slots } = open({ concurrency: 1 });
    for (let index = 0; index < 6; index += 1) for (const process of [0, 1, 2]) ask(process, `p${process} ${index}`);
    const order: string[] = [];
    for (let seen = 0; seen < 12; seen += 1) {
      await pass(60);
      const name = [...slots.keys()][seen] ?? "";
      order.push(name.slice(0, 2));
      leave(name);
    }
    expect(total(slots)).toBe(12);
    for (const process of ["p0", "p1", "p2"]) expect(order.filter((each) => each === process)).toHaveLength(4);
  });

  it("keeps to what the site told any process: a Retry-After, a call's burst, half as many at once", async () => {
    const { ask, leave, pass, slots, limits, refused } = open({ concurrency: 8, processes: 2 });
    ask(0, "GET /a");
    ask(0, "GET /b");
    await pass(5);
    slots.get("GET /a")?.throttled({ status: 503, retryAfterMs: 2_000, told: null });
    slots.get("GET /a")?.leave(false);
    await pass(5);
    ask(1, "GET /c");
    await pass(1_950);
    expect(slots.has("GET /c")).toBe(false);
    await pass(100);
    expect(slots.has("GET /c")).toBe(true);
    // Both were halved by one throttle, and the other process knows it with its next call.
    expect(limits[1]?.state).toMatchObject({ allowed: 4, concurrency: 8, inFlight: 1 });
    expect(limits[1]?.state.sharing).toEqual({ isShared: true, processes: 2, inFlight: 2, waiting: 0 });
    const told = {
      limit: null,
      remaining: null,
      resetAtMs: null,
      isNearLimit: true,
      reason: "jira-burst-based",
      refill: null,
    };
    slots.get("GET /c")?.throttled({ status: 429, retryAfterMs: 60_000 - 55_000, told: { ...told, observedAtMs: 0 } });
    leave("GET /c");
    await pass(5);
    ask(0, "GET /c");
    ask(0, "GET /d");
    await pass(100);
    expect([...slots.keys()].at(-1)).toBe("GET /d");
    await pass(5_000, 50);
    expect(total(slots)).toBe(4);
    expect(refused.size).toBe(0);
  });

  it("refuses what waits in one process for longer than it may, once another was told to wait", async () => {
    const { ask, pass, slots, refused } = open({ concurrency: 1, processes: 2 });
    ask(0, "GET /a");
    await pass(5);
    ask(1, "GET /b");
    await pass(5);
    slots.get("GET /a")?.throttled({ status: 503, retryAfterMs: 40_000, told: null });
    slots.get("GET /a")?.leave(false);
    await pass(60);
    expect(refused.get("GET /b")).toMatchObject({ kind: "Throttled" });
  });

  it("asks for no more over all than the site says remains", async () => {
    const { ask, leave, pass, slots, limits, clock } = open({ concurrency: 8, processes: 2 });
    ask(0, "first");
    await pass(5);
    const resetAt = new Date(clock.now() + 5_000).toISOString();
    const headers = (remaining: number) => ({
      "x-ratelimit-limit": "10",
      "x-ratelimit-remaining": String(remaining),
      "x-ratelimit-reset": resetAt,
    });
    limits[0]?.observe(headers(3));
    leave("first");
    await pass(5);
    for (let index = 0; index < 4; index += 1) for (const process of [0, 1]) ask(process, `p${process} ${index}`);
    await pass(200);
    expect(total(slots, "p")).toBe(3);
    expect(limits[1]?.state.rateLimit).toMatchObject({ remaining: 3, limit: 10 });
    for (const name of [...slots.keys()].slice(1)) {
      limits[Number(name[1])]?.observe(headers(0));
      leave(name);
    }
    await pass(4_700, 50);
    expect(total(slots, "p")).toBe(3);
    await pass(600);
    expect(total(slots, "p")).toBe(8);
  });

  it("lets all have their turns where the site lets few be asked, and is hardly refused anything", async () => {
    const { limits, clock, pass } = open({ concurrency: 16 });
    const asking = keepAsking(limits, clock, 50);
    await pass(4_000, 10);
    const counts = [...asking.answered];
    asking.end();
    // All that there were to begin with, and all that came since.
    expect(counts.reduce((sum, each) => sum + each, 0)).toBeGreaterThan(200);
    // Two answers of one moment may be told in either order.
    expect(asking.refused).toBeLessThan(5);
    for (const count of counts) expect(count).toBeGreaterThan(45);
  });

  it("lets what nobody waits for have its share over all", async () => {
    const { ask, leave, pass, slots } = open({ concurrency: 8, processes: 2 });
    for (let index = 0; index < 4; index += 1)
      for (const process of [0, 1]) ask(process, `b${process} ${index}`, { isBackground: true });
    await pass(100);
    expect(total(slots, "b")).toBe(2);
    ask(0, "read");
    await pass(10);
    expect(slots.has("read")).toBe(true);
    leave([...slots.keys()][0] ?? "");
    await pass(60);
    expect(total(slots, "b")).toBe(3);
  });

  it("spends repetitions together", async () => {
    const { ask, leave, pass, limits } = open({ concurrency: 4, processes: 2 });
    const [one, other] = limits;
    for (let count = 0; count < 20; count += 1) expect(one?.retries.spend()).toBe(true);
    expect(one?.retries.spend()).toBe(false);
    ask(0, "a");
    await pass(5);
    ask(1, "b");
    await pass(5);
    expect(other?.retries.spend()).toBe(false);
    for (let count = 0; count < 20; count += 1) other?.retries.earn();
    leave("b");
    await pass(5);
    leave("a");
    await pass(5);
    expect([one?.retries.spend(), one?.retries.spend(), one?.retries.spend()]).toEqual([true, true, false]);
  });

  it("lets what wants nothing read before have its share over all, and each process a part of it", async () => {
    const { ask, pass, slots } = open({ concurrency: 8, processes: 2 });
    const errand = () => new Errand("fresh-reading", "somebody");
    for (let index = 0; index < 6; index += 1) ask(0, `a${index}`, { errand: errand() });
    await pass(60);
    expect(total(slots)).toBe(4);
    for (let index = 0; index < 6; index += 1) ask(1, `b${index}`, { errand: errand() });
    await pass(1_100);
    expect(total(slots, "b")).toBe(2);
    ask(1, "other");
    await pass(60);
    expect(slots.has("other")).toBe(true);
  });

  it("makes so many calls a minute over all, and one that would wait too long takes no turn", async () => {
    const { engines, clock } = open({ processes: 2 });
    const limiters = engines.map(
      (engine) => new RateLimiter({ callsAMinute: 3, clock, fleet: { engine, scope: "organization" } }),
    );
    const take = (process: number, maxWaitMs = 0) => limiters[process]?.take("GET /last-active", maxWaitMs);
    await take(0);
    await clock.advance(10_000);
    await take(1);
    await take(0);
    for (const process of [0, 1])
      await expect(take(process, 49_999)).rejects.toMatchObject({ kind: "Throttled", retryAfterMs: 50_000 });
    await clock.advance(50_000);
    await take(1);
    await expect(take(0)).rejects.toMatchObject({ retryAfterMs: 10_000 });
    // What it took itself counts when it is by itself: one of its part of one and a half.
    engines[1]?.turn(false);
    await expect(take(1)).rejects.toMatchObject({ retryAfterMs: 60_000 });
  });

  it("knows nothing of calls but hashes", async () => {
    const { ask, pass, slots } = open({ processes: 1 });
    ask(0, "GET /wiki/secret");
    await pass(5);
    slots.get("GET /wiki/secret")?.throttled({ status: 429, retryAfterMs: 5_000, told: null });
    slots.get("GET /wiki/secret")?.leave(false);
    const [key = ""] = await redis.client.keys(`test:{site ${scopes}}:budget*`);
    await pass(5);
    expect((await redis.client.get(key))?.includes("secret")).toBe(false);
  });
});
