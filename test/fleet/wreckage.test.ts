import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { keep, look, put } from "../../src/cache/shared/functions.js";
import { callersFunction } from "../../src/callers/shared/callersFunction.js";
import * as parts from "../../src/crawl/shared/partFunctions.js";
import type { EngineArgument, EngineFunction } from "../../src/fleet/FleetEngine.js";
import { append, follow, leave } from "../../src/loaders/fleet/changeFunctions.js";
import { hasRedis, startRedis, type TestRedis } from "../support/startRedis.js";
import { joinFleet, type Member } from "./joinFleet.js";

const caller = JSON.stringify({ id: "me", callers: [{ isApart: false, buckets: [], underWay: 0 }] });
const place = ["epoch", 1, "random"];
const begun = ["epoch", "random"];

const turn = ["me", 1, 3_000, "", 0, "life", 60_000, ""];

/** How each function is called, and what stands under its keys. */
const functions: readonly (readonly [EngineFunction, kinds: readonly string[], args: readonly EngineArgument[]])[] = [
  [look, ["list", "string", "string"], ["token", 3_000, 1_000, "era", 60_000, ""]],
  [keep, ["string"], [3_000, "token"]],
  [put, ["string", "string"], ["value", 1_000, "token"]],
  [callersFunction, ["string"], [caller]],
  [parts.turnFunction, ["string", "hash", "zset", "hash"], turn],
  [parts.writeFunction, ["string", "hash", "zset", "hash"], ["me", 1, "", 3_000, "name", "value"]],
  [parts.voidFunction, ["string", "hash", "zset", "hash"], ["me", "life", 1]],
  [parts.leaveFunction, ["string"], ["me"]],
  [follow, ["stream", "hash", "stream", "stream"], ["me", ...place, 100, ...begun, "told"]],
  [append, ["stream", "hash"], [100, ...begun, 0, ...place, "r", "b"]],
  [leave, ["hash"], ["me", "told"]],
];

describe.skipIf(!hasRedis)("what stands in the engine and is nothing of ours", () => {
  let redis: TestRedis;
  let member: Member;

  beforeAll(async () => {
    redis = await startRedis();
    member = await joinFleet({ CACHE_URL: redis.url });
  });
  afterEach(() => redis.client.flushall());
  afterAll(async () => {
    await member[Symbol.asyncDispose]();
    await redis.stop();
  });

  const keysOf = (kinds: readonly string[]) => kinds.map((_kind, at) => member.engine.key("wreck", String(at)));
  const wreck = async (key: string, kind: string) => {
    await redis.client.del(key);
    if (kind === "string") await redis.client.rpush(key, "no text");
    else await redis.client.set(key, "nothing but a text");
  };

  it.each(functions.map(([script, ...rest]) => [script.name, script, ...rest] as const))(
    "is done away with where it stands in the way: %s",
    async (_name, script, kinds, args) => {
      const keys = keysOf(kinds);
      for (const [at, kind] of kinds.entries()) {
        // What is written by who crawls is looked at by them alone.
        if (keys.length === 4 && script !== follow) await member.engine.unhurried.run(parts.turnFunction, keys, turn);
        else await member.engine.unhurried.run(script, keys, args);
        await wreck(keys[at] ?? "", kind);
        await member.engine.unhurried.run(script, keys, args);
        expect([script.name, kind, member.engine.isThere]).toEqual([script.name, kind, true]);
        // Once more, by then it is ours or nothing.
        await member.engine.unhurried.run(script, keys, args);
        expect([kind, "none"]).toContain(await redis.client.type(keys[at] ?? ""));
      }
    },
  );

  it("is done away with where it is no number and would be counted up", async () => {
    const keys = keysOf(["string", "hash", "zset", "hash"]);
    for (const spoilt of ["fence", "seq"]) {
      await redis.client.hset(keys[1] ?? "", "life", "life", spoilt, "many");
      await redis.client.zadd(keys[2] ?? "", 1, "name");
      await redis.client.hset(keys[3] ?? "", "name", "value");
      await member.engine.unhurried.run(parts.turnFunction, keys, turn);
      await member.engine.unhurried.run(parts.turnFunction, keys, turn);
      const [isOurs, fence] = (await member.engine.unhurried.run(parts.turnFunction, keys, turn)) as [number, Buffer];
      expect([spoilt, isOurs, fence.toString()]).toEqual([spoilt, 1, "1"]);
      await redis.client.flushall();
    }
  });

  it("does not keep a crawl for itself: a lease that nobody takes for so long is nobody's", async () => {
    const keys = keysOf(["string", "hash", "zset", "hash"]);
    const isOurs = async () => ((await member.engine.unhurried.run(parts.turnFunction, keys, turn)) as [number])[0];
    await redis.client.set(keys[0] ?? "", "another");
    expect(await isOurs()).toBe(1);
    await redis.client.set(keys[0] ?? "", "another", "PX", 86_400_000);
    expect(await isOurs()).toBe(1);
    await redis.client.set(keys[0] ?? "", "another", "PX", 3_000);
    expect(await isOurs()).toBe(0);
  });

  it("is no process, and keeps none from being heard of", async () => {
    const key = member.engine.key("fleet", "processes");
    await wreck(key, "zset");
    await member.beats();
    expect([member.engine.isThere, member.engine.processes]).toEqual([true, 1]);
    expect(await redis.client.type(key)).toBe("zset");
    const [seconds = 0] = await redis.client.time();
    const [own = ""] = (await redis.client.zrange(key, "0", "-1")) as string[];
    for (const forged of ["another", "another.mark", own.replace(/^[^.]+/, "another")])
      await redis.client.zadd(key, String(Number(seconds) * 1_000), forged);
    await member.beats();
    expect([...member.engine.present]).toEqual([member.engine.processId]);
    await using other = await joinFleet({ CACHE_URL: redis.url });
    expect(other.engine.present).toEqual(new Set([member.engine.processId, other.engine.processId]));
  });
});
