import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sharingLimits } from "../../src/http/limits.js";
import { hasRedis, startRedis, type TestRedis } from "../support/startRedis.js";
import { openLimits } from "./openLimits.js";

describe.skipIf(!hasRedis)("one budget, while processes and engines come and go", () => {
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

  it("gives back the slots of a process that died, and not those of one that is alive and slow", async () => {
    const { ask, pass, slots, engines } = open({ concurrency: 4, processes: 2 });
    for (let index = 0; index < 4; index += 1) ask(0, `dead ${index}`);
    await pass(10);
    ask(1, "living");
    // It tells that its calls are in flight though nothing happens.
    await pass(5_000, 50);
    expect(total(slots, "living")).toBe(0);
    // A process that is killed sends nothing any more.
    engines[0]?.turn(false);
    await pass(2_900, 50);
    expect(total(slots, "living")).toBe(0);
    await pass(1_100, 50);
    expect(total(slots, "living")).toBe(1);
  });

  it("is a share for each that is by itself, and comes back without more than the limit", async () => {
    const { ask, pass, slots, engines, limits } = open({ concurrency: 9 });
    const askEach = (from: number, to: number) => {
      for (const process of [0, 1, 2])
        for (let index = from; index < to; index += 1) ask(process, `p${process} ${index}`);
    };
    askEach(0, 3);
    await pass(5);
    askEach(3, 9);
    await pass(100);
    expect(total(slots)).toBe(9);
    const leaveAll = () => {
      const names = [...slots.keys()];
      for (const name of names) {
        slots.get(name)?.leave(true);
        slots.delete(name);
      }
    };
    for (const engine of engines) engine.turn(false);
    leaveAll();
    await pass(5);
    for (const process of [0, 1, 2]) expect(total(slots, `p${process}`)).toBe(3);
    expect(limits[0]?.state).toMatchObject({ allowed: 3, concurrency: 9 });
    expect(limits[0]?.state.sharing).toMatchObject({ isShared: false, processes: 3, inFlight: 3 });
    // One after another comes back to an engine that knows nothing, and some have not yet.
    await redis.client.flushall();
    engines[0]?.turn(true);
    await pass(100);
    expect(total(slots)).toBe(9);
    for (const name of [...slots.keys()].filter((each) => each.startsWith("p0"))) {
      slots.get(name)?.leave(true);
      slots.delete(name);
    }
    await pass(100);
    expect(total(slots, "p0")).toBe(3);
    engines[1]?.turn(true);
    engines[2]?.turn(true);
    await pass(100);
    expect(limits[0]?.state).toMatchObject({ allowed: 9 });
    leaveAll();
    await pass(100);
    expect(total(slots)).toBe(9 * 3 - 9 - 9 - 3);
  });

  it("keeps to its share while the engine holds nothing any more and others have calls in flight", async () => {
    const { ask, pass, slots, leave } = open({ concurrency: 6, processes: 2 });
    for (const from of [0, 3]) {
      for (const process of [0, 1])
        for (let index = from; index < from + 3; index += 1) ask(process, `p${process} ${index}`);
      await pass(60);
    }
    expect([total(slots, "p0"), total(slots, "p1")]).toEqual([3, 3]);
    await redis.client.flushall();
    leave("p0 0");
    await pass(5);
    expect(total(slots)).toBe(7);
    await pass(60);
    expect(total(slots)).toBe(7);
  });

  it("keeps the smaller limit where processes are configured differently, and lets both go", async () => {
    const { ask, leave, pass, slots } = open({ concurrency: [8, 2], processes: 2 });
    ask(1, "small");
    await pass(5);
    for (let index = 0; index < 8; index += 1) ask(0, `large ${index}`);
    await pass(60);
    expect(total(slots)).toBe(2);
    ask(1, "small too");
    leave("large 0");
    await pass(60);
    leave("small");
    await pass(60);
    expect(slots.has("small too")).toBe(true);
  });

  it("takes no notice of what somebody else put in its place", async () => {
    for (const [index, spoil] of (["text", "\x85garbage", "list"] as const).entries()) {
      const { ask, pass, slots, leave } = open({ concurrency: 2, processes: 1 });
      ask(0, "before");
      await pass(5);
      const [key = ""] = await redis.client.keys(`test:{site ${scopes}}:*`);
      if (spoil === "list") {
        await redis.client.del(key);
        await redis.client.rpush(key, "a");
      } else await redis.client.set(key, spoil);
      ask(0, `after ${index}`);
      await pass(5);
      expect(slots.has(`after ${index}`)).toBe(true);
      leave("before");
      await pass(5);
    }
  });

  it("lets no more go than are allowed, whatever somebody else writes of what others have in flight", async () => {
    const { ask, pass, slots } = open({ concurrency: 2, processes: 2 });
    ask(0, "first");
    await pass(5);
    const [key = ""] = await redis.client.keys(`test:{site ${scopes}}:*`);
    const forged =
      "{ f = -1, b = 0, fresh = 0, w = { 0, 0, 0, 0 }, most = 2, seq = 0, id = 'nobody', at = s.procs.p0.at }";
    const write = `s.procs.nobody = ${forged} redis.call('SET', KEYS[1], cmsgpack.pack(s))`;
    await redis.client.eval(`local s = cmsgpack.unpack(redis.call('GET', KEYS[1])) ${write}`, 1, key);
    for (let call = 0; call < 5; call += 1) for (const process of [0, 1]) ask(process, `call ${call} of ${process}`);
    await pass(200, 50);
    expect(slots.size).toBe(2);
  });

  it("is rid of figures that nobody can have written, and goes on", async () => {
    const told = "s.told = { left = 1, limit = 'many', at = 1, near = false }";
    for (const spoil of ["s.retries = 0/0", "s.told = { left = 1/0, at = 1, near = false }", "s.round = 0.5", told]) {
      const { ask, pass, slots, limits } = open({ concurrency: 2, processes: 1 });
      ask(0, "before");
      await pass(5);
      const [key = ""] = await redis.client.keys(`test:{site ${scopes}}:*`);
      const write = "redis.call('SET', KEYS[1], cmsgpack.pack(s))";
      await redis.client.eval(`local s = cmsgpack.unpack(redis.call('GET', KEYS[1])) ${spoil} ${write}`, 1, key);
      ask(0, "after");
      await pass(sharingLimits.doubtMs + 200, 50);
      // It is one budget again, and not each process by itself for good.
      expect([spoil, slots.has("after"), limits[0]?.state.sharing?.isShared]).toEqual([spoil, true, true]);
    }
  });
});
