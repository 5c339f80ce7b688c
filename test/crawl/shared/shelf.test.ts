import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../../src/compose/systemClock.js";
import { readConfig } from "../../../src/config/readConfig.js";
import { EngineShelf } from "../../../src/crawl/shared/EngineShelf.js";
import type { PartShelf, ShelfTurn } from "../../../src/crawl/shared/PartShelf.js";
import { RedisEngine } from "../../../src/fleet/RedisEngine.js";
import { connectRedis } from "../../../src/fleet/redis/connectRedis.js";
import { keysOfText } from "../../../src/fleet/Sealer.js";
import { createLogger } from "../../../src/observability/Logger.js";
import { ManualClock } from "../../support/ManualClock.js";
import { hasRedis, startRedis, type TestRedis } from "../../support/startRedis.js";
import { MemoryShelves } from "./MemoryShelves.js";

const look = { wantsLease: true, life: null, since: 0, fence: null };

const valuesOf = ({ parts }: ShelfTurn) => Promise.all(parts.map((part) => part.read()));

/** What every shelf keeps: that of the tests, which stands for an engine elsewhere, and the engine's. */
function keepsTheContract(join: (name: string) => Promise<PartShelf>): void {
  it("is read for by one process at a time, and tells the others what it wrote", async () => {
    const [one, two] = [await join("one"), await join("two")];
    const first = await one.turn(look);
    expect(first).toMatchObject({ isOurs: true, upTo: null, parts: [], since: 0, left: 0 });
    expect(await two.turn(look)).toMatchObject({ isOurs: false, fence: first.fence, life: first.life });
    const parts = [
      { name: "site", value: { of: "site" } },
      { name: "group:readers", value: { of: "group", members: ["ann", "ben"] } },
    ];
    expect(await two.write(first.fence, parts, "e.9")).toBe(false);
    expect(await one.write(first.fence, parts, "e.1")).toBe(true);
    const told = await two.turn(look);
    expect(told).toMatchObject({ isOurs: false, upTo: "e.1", since: 2, left: 0 });
    expect(await valuesOf(told)).toEqual(parts.map(({ value }) => value));
    // Whoever wrote them is not told.
    expect(await one.turn({ ...look, life: first.life, fence: first.fence })).toMatchObject({ parts: [], since: 2 });
    await one.write(first.fence, [{ name: "site", value: { of: "site", isNew: true } }], "e.2");
    const later = await two.turn({ ...look, life: told.life, since: told.since });
    expect(later).toMatchObject({ upTo: "e.2", since: 3, left: 0 });
    expect(await valuesOf(later)).toEqual([{ of: "site", isNew: true }]);
    expect(later.parts[0]?.name).toBe(told.parts[0]?.name);
    // Another life, or none: everything again, each once.
    expect((await two.turn({ ...look, life: "another", since: 3 })).parts).toHaveLength(2);

    await one.leave();
    const next = await two.turn({ ...look, life: later.life, since: later.since });
    expect(next).toMatchObject({ isOurs: true, life: first.life, parts: [] });
    expect(next.fence).toBeGreaterThan(first.fence);
    expect(await one.write(first.fence, parts, "e.3")).toBe(false);
    expect(await one.turn({ ...look, life: later.life, since: 3, fence: first.fence })).toMatchObject({
      isOurs: false,
    });

    await one.clear(true);
    expect(await one.turn({ ...look, life: later.life, since: 3 })).toMatchObject({ voids: 0, upTo: "e.2" });
    await two.clear(true);
    const cleared = await one.turn({ ...look, life: later.life, since: 3 });
    expect(cleared).toMatchObject({ voids: 1, upTo: null, parts: [], since: 0, left: 0 });
    expect(cleared.life).not.toBe(later.life);
    await two.clear(false);
    expect(await one.turn(look)).toMatchObject({ voids: 1 });
    await two.leave();
  });

  it("tells many parts turn by turn, each once", async () => {
    const [one, two] = [await join("three"), await join("four")];
    const { fence } = await one.turn(look);
    const names = Array.from({ length: 600 }, (_, number) => `group:${number}`);
    await one.write(
      fence,
      names.map((name) => ({ name, value: { name } })),
      "e.1",
    );
    const told: unknown[] = [];
    let turn = await two.turn(look);
    for (let turns = 1; ; turns += 1) {
      told.push(...(await valuesOf(turn)));
      if (turn.left === 0) {
        expect(turns).toBeGreaterThan(2);
        break;
      }
      turn = await two.turn({ ...look, life: turn.life, since: turn.since });
    }
    expect(told).toEqual(names.map((name) => ({ name })));
    await one.leave();
  });
}

describe("the shelf of the tests", () => {
  const shelves = [0, 1].map(() => new MemoryShelves(new ManualClock()));
  keepsTheContract(async (name) => (shelves[name === "one" || name === "two" ? 0 : 1] as MemoryShelves).join(name));
});

describe.skipIf(!hasRedis)("the shelf in an engine", () => {
  let redis: TestRedis;
  const engines: RedisEngine[] = [];
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(async () => {
    for (const engine of engines) await engine.close();
    await redis.stop();
  });

  async function join(name: string, keptMs = 600_000): Promise<EngineShelf> {
    const { fleet } = readConfig({ CACHE_URL: redis.url, CACHE_KEY: "a-word-of-at-least-32-characters-for-a-fleet" });
    if (fleet === null) throw new Error("no fleet was configured");
    const engine = new RedisEngine({
      connect: connectRedis(fleet.address),
      keys: keysOfText(fleet.keys, fleet.nameKey),
      clock: systemClock,
      logger: createLogger({ level: "silent", destination: { write: () => undefined } }),
    });
    engines.push(engine);
    await engine.start();
    const site = name === "one" || name === "two" ? "first" : name === "three" || name === "four" ? "second" : "third";
    return new EngineShelf({ engine, scope: site, leaseMs: 60_000, keptMs });
  }
  keepsTheContract(join);

  it("tells no more than a megabyte at a turn, and one part however large", async () => {
    const [one, two] = [await join("five"), await join("six")];
    const { fence } = await one.turn(look);
    const sizes = [500_000, 900_000, 1_500_000, 10];
    const parts = sizes.map((size, at) => ({
      name: `group:${at}`,
      value: { text: randomBytes(size).toString("hex") },
    }));
    await one.write(fence, parts, "e.1");
    const counts: number[] = [];
    let turn = await two.turn(look);
    for (; turn.parts.length > 0; turn = await two.turn({ ...look, life: turn.life, since: turn.since })) {
      counts.push(turn.parts.length);
    }
    expect(counts).toEqual([2, 1, 1]);
    await one.leave();
  });

  it("begins anew where part of it is gone, keeps nothing in the clear, and nothing for ever", async () => {
    const shelf = await join("five", 90_000);
    const { fence, life } = await shelf.turn(look);
    await shelf.write(fence, [{ name: "group:secret-group", value: { members: ["secret-account"] } }], "e.1");
    const keys = await redis.client.keys("*");
    const ours: string[] = [];
    for (const key of keys) {
      const type = await redis.client.type(key);
      if (type !== "hash" && type !== "zset") continue;
      const text =
        type === "hash"
          ? JSON.stringify(await redis.client.hgetall(key))
          : JSON.stringify(await redis.client.zrange(key, "0", "-1"));
      expect(text).not.toMatch(/secret/);
      const ttlMs = await redis.client.pttl(key);
      if (ttlMs > 0 && ttlMs <= 90_000) ours.push(type);
    }
    await shelf.turn({ ...look, life, fence });
    expect(ours.length).toBeGreaterThanOrEqual(1);
    // An engine that is short of memory takes keys away one by one.
    for (const key of keys) if ((await redis.client.type(key)) === "zset") await redis.client.del(key);
    const anew = await shelf.turn({ ...look, life, fence });
    expect(anew).toMatchObject({ isOurs: true, parts: [], upTo: null, since: 0 });
    expect(anew.life).not.toBe(life);
  });
});
