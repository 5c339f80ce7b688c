import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../../src/compose/systemClock.js";
import { readConfig } from "../../src/config/readConfig.js";
import { RedisEngine } from "../../src/fleet/RedisEngine.js";
import { connectRedis } from "../../src/fleet/redis/connectRedis.js";
import { keysOfText } from "../../src/fleet/Sealer.js";
import { EngineChangeStream } from "../../src/loaders/fleet/ChangeStream.js";
import { fleetLimits } from "../../src/loaders/fleet/limits.js";
import type { Place } from "../../src/loaders/fleet/positions/position.js";
import { createLogger } from "../../src/observability/Logger.js";
import { hasRedis, startRedis, type TestRedis } from "../support/startRedis.js";

const logger = createLogger({ level: "silent" });

describe.skipIf(!hasRedis)("the stream of changes, over a real server", () => {
  let redis: TestRedis;
  const engines: RedisEngine[] = [];
  let one: EngineChangeStream;
  let other: EngineChangeStream;

  beforeAll(async () => {
    redis = await startRedis();
    one = new EngineChangeStream(await join());
    other = new EngineChangeStream(await join());
  });
  beforeEach(() => redis.client.flushall());
  afterAll(async () => {
    for (const engine of engines) await engine.close();
    await redis.stop();
  });

  async function join(key = "a-word-of-at-least-32-characters-for-a-fleet", naming = ""): Promise<RedisEngine> {
    const { fleet } = readConfig({ CACHE_URL: redis.url, CACHE_KEY: key, CACHE_NAME_KEY: naming });
    if (fleet === null) throw new Error("No fleet was configured.");
    const connect = connectRedis(fleet.address);
    const engine = new RedisEngine({
      connect,
      keys: keysOfText(fleet.keys, fleet.nameKey),
      clock: systemClock,
      logger,
    });
    engines.push(engine);
    await engine.start();
    return engine;
  }

  /** Behind whatever is the last. */
  async function append(stream: EngineChangeStream, told: readonly Buffer[]) {
    const { tail } = await stream.follow(null, []);
    const appended = await stream.append(told, tail);
    if (appended === null) throw new Error("Something else was the last.");
    return appended;
  }

  const bodies = (...texts: string[]) => texts.map((text) => Buffer.from(text));
  const textsOf = (entries: readonly { readonly n: number; readonly body: Buffer | null }[]) =>
    entries.map(({ n, body }) => [n, body?.toString()]);

  async function streamKey(): Promise<string> {
    const [key = ""] = await redis.client.keys("*changes*").then((keys) => (keys.length > 0 ? keys : allStreams()));
    return key;
  }
  async function keyOfType(type: string): Promise<string> {
    const keys = await redis.client.keys("*");
    const types = await Promise.all(keys.map((key) => redis.client.type(key)));
    return keys[types.indexOf(type)] ?? "";
  }
  async function allStreams(): Promise<string[]> {
    const keys = await redis.client.keys("*");
    const types = await Promise.all(keys.map((key) => redis.client.type(key)));
    return keys.filter((_key, index) => types[index] === "stream");
  }

  it("begins where somebody looks first, and goes on from there", async () => {
    const begun = await one.follow(null, []);
    expect(begun).toMatchObject({ goesOn: false, tail: { n: 1 }, entries: [] });
    const appended = await append(other, bodies("a", "b"));
    expect(appended).toMatchObject({ before: 1, last: { epoch: begun.tail.epoch, n: 3 } });
    const heard = await one.follow(begun.tail, []);
    expect(heard.goesOn).toBe(true);
    expect(textsOf(heard.entries)).toEqual([
      [2, "a"],
      [3, "b"],
    ]);
    expect(heard.tail).toEqual(appended.last);
    expect(await one.follow(appended.last, [])).toMatchObject({ goesOn: true, entries: [] });
  });

  it("does not go on from another epoch, a number that is not there yet, or another entry of the same number", async () => {
    const { tail } = await one.follow(null, []);
    const { last } = await append(one, bodies("a"));
    const strangers: Place[] = [
      { ...last, epoch: "another" },
      { ...last, n: last.n + 1 },
      { ...last, random: tail.random },
    ];
    for (const stranger of strangers)
      expect(await other.follow(stranger, [])).toMatchObject({ goesOn: false, entries: [] });
    await one.append(bodies("b"), null);
    // Nobody may believe that everything is told again that was before.
    expect(await other.follow(last, [])).toMatchObject({ goesOn: false, tail: { n: 2 }, first: null });
  });

  it("does not go on where entries are gone: trimmed, evicted, or all of it emptied", async () => {
    const { tail } = await one.follow(null, []);
    const { last } = await append(one, bodies("a", "b", "c"));
    await redis.client.xtrim(await streamKey(), "MAXLEN", 1);
    expect(await other.follow(tail, [])).toMatchObject({ goesOn: false, tail: last });
    expect(await other.follow(last, [])).toMatchObject({ goesOn: true });
    await redis.client.xtrim(await streamKey(), "MAXLEN", 0);
    const again = await other.follow(last, []);
    expect(again).toMatchObject({ goesOn: false, tail: { n: 1 } });
    await redis.client.flushall();
    const { last: anew } = await append(one, bodies("d"));
    const { first, ...emptied } = await other.follow(again.tail, []);
    expect(emptied).toMatchObject({ goesOn: false, tail: anew });
    if (first === null) throw new Error("Its first is there.");
    expect(textsOf((await other.follow(first, [])).entries)).toEqual([[2, "d"]]);
    expect(anew.epoch).not.toBe(last.epoch);
  });

  it("takes nothing that comes behind another entry than the last", async () => {
    const { tail } = await one.follow(null, []);
    const appended = await one.append(bodies("a"), tail);
    expect(appended).toMatchObject({ before: 1, last: { n: 2 } });
    if (appended === null) throw new Error("It was the last.");
    expect(await other.append(bodies("b"), tail)).toBeNull();
    for (const stranger of [
      { ...appended.last, random: tail.random },
      { ...appended.last, n: 3 },
    ])
      expect(await other.append(bodies("b"), stranger)).toBeNull();
    await redis.client.flushall();
    expect(await one.append(bodies("b"), appended.last)).toBeNull();
    expect(await one.follow(null, [])).toMatchObject({ tail: { n: 1 } });
  });

  it("opens nothing but where it was put, and behind what: nothing told can be told again, moved, or left out", async () => {
    const { tail } = await one.follow(null, []);
    await append(one, bodies("a", "b", "c"));
    const key = await streamKey();
    const told = await redis.client.xrangeBuffer(key, "-", "+");
    const fieldsOf = (number: number) => told[number - 1]?.[1] ?? [];
    const heardOf = async (...put: readonly (readonly Buffer[])[]) => {
      await redis.client.del(key);
      for (const [at, fields] of [fieldsOf(1), ...put].entries())
        await redis.client.xadd(key, `${at + 1}-0`, ...fields);
      return (await other.follow(tail, [])).entries.map(({ body }) => body?.toString() ?? null);
    };
    expect(await heardOf(fieldsOf(2), fieldsOf(3), fieldsOf(4))).toEqual(["a", "b", "c"]);
    expect(await heardOf(fieldsOf(2), fieldsOf(3), fieldsOf(2))).toEqual(["a", "b", null]);
    expect(await heardOf(fieldsOf(3), fieldsOf(2))).toEqual([null, null]);
    expect(await heardOf(fieldsOf(2), fieldsOf(4))).toEqual(["a", null]);
    // Also where what tells entries apart is left as it was, and only what is told is an older one.
    const older = [...fieldsOf(3).slice(0, -1), ...fieldsOf(2).slice(-1)];
    expect(await heardOf(fieldsOf(2), older, fieldsOf(4))).toEqual(["a", null, "c"]);
  });

  it("begins anew where somebody heard what it has lost: its numbers are given again", async () => {
    const { tail } = await one.follow(null, []);
    const key = await streamKey();
    const before = await redis.client.dumpBuffer(key);
    const { last } = await append(one, bodies("lost"));
    await redis.client.restore(key, 0, before, "REPLACE");
    expect(await other.follow(tail, [])).toMatchObject({ goesOn: true, entries: [] });
    const begun = await one.follow(last, []);
    expect(begun).toMatchObject({ goesOn: false, tail: { n: 1 }, first: null });
    expect(begun.tail.epoch).not.toBe(tail.epoch);
    const again = await redis.client.dumpBuffer(key);
    const { last: gone } = await append(one, bodies("lost"));
    await redis.client.restore(key, 0, again, "REPLACE");
    await append(other, bodies("another"));
    expect((await one.follow(gone, [])).tail.epoch).not.toBe(begun.tail.epoch);
  });

  it("tells who follows, how far, and since when; and who leaves no more", async () => {
    const { tail } = await one.follow(null, []);
    await one.follow(tail, []);
    const { followers } = await other.follow(null, []);
    const told = new Map(followers.map((each) => [each.processId, each]));
    expect(told.get(one.processId)?.at).toEqual({ epoch: tail.epoch, n: tail.n });
    expect(told.get(one.processId)?.agoMs).toBeLessThan(fleetLimits.leaseMs * 60);
    expect(told.get(other.processId)?.at.epoch).toBe("-");
    await one.leave();
    const { followers: left } = await append(other, bodies("a"));
    expect(left.map(({ processId }) => processId)).toEqual([other.processId]);
  });

  it("wakes who listens by an entry, and by whoever has heard theirs", async () => {
    const { tail } = await one.follow(null, []);
    const woken = one.listen(tail);
    const { last } = await append(other, bodies("a"));
    await woken;
    const told = one.listen(last);
    await other.follow(last, [one.processId]);
    await told;
    const reached = await one.follow(last, []);
    expect(reached.followers.find(({ processId }) => processId === other.processId)?.at.n).toBe(last.n);
  });

  it("keeps to itself what is told: another key opens nothing, and nothing stands there to be read", async () => {
    const { tail } = await one.follow(null, []);
    await append(one, bodies("an-account-id"));
    const key = await streamKey();
    const stored = JSON.stringify(await redis.client.xrange(key, "-", "+"));
    expect(stored).not.toContain("an-account-id");
    await redis.client.xadd(key, "3-0", "e", tail.epoch, "r", "forged", "b", "an-account-id");
    const { entries } = await one.follow(tail, []);
    expect(textsOf(entries)).toEqual([
      [2, "an-account-id"],
      [3, undefined],
    ]);
  });

  it("begins anew where something stands that nobody of ours can have put there", async () => {
    await one.follow(null, []);
    const key = await streamKey();
    const foreign: readonly (readonly [id: string, ...fields: string[]])[] = [
      ["2-0", "e", "a\r\nSet-Cookie: x=1", "r", "forged"],
      ["2-0", "e", "a".repeat(65), "r", "forged"],
      ["2-0", "what", "else"],
      ["2-3", "e", "epoch", "r", "forged"],
      ["18446744073709551615-0", "e", "epoch", "r", "forged"],
    ];
    for (const [id, ...fields] of foreign) {
      await redis.client.xadd(key, id, ...fields);
      const { last } = await append(one, bodies("a"));
      expect([fields, last.n, last.epoch]).toEqual([fields, 2, expect.stringMatching(/^[\w-]{12}$/)]);
      await redis.client.del(key);
    }
    await redis.client.set(key, "no stream");
    expect(await other.follow(null, [])).toMatchObject({ tail: { n: 1 } });
    expect(await redis.client.pttl(key)).toBeGreaterThan(0);
  });

  it("counts a follower as told now that tells of a time to come, as after the engine's clock was set back", async () => {
    const { tail } = await one.follow(null, []);
    const followers = await keyOfType("hash");
    await redis.client.hset(followers, "back", "99999999999999 told to come", "spoilt", "what else");
    await one.follow(tail, []);
    const [seconds = 0] = await redis.client.time();
    expect(Number((await redis.client.hget(followers, "back"))?.split(" ")[0])).toBeLessThan(
      (Number(seconds) + 2) * 1_000,
    );
    expect(await redis.client.hget(followers, "back")).toMatch(/^\d+ told to come$/);
    expect(await redis.client.hexists(followers, "spoilt")).toBe(0);
  });

  it("has nobody pass for further than they are, or for gone, by what others write there", async () => {
    const { tail } = await one.follow(null, []);
    await one.follow(tail, []);
    const { last } = await append(other, bodies("a"));
    const key = await keyOfType("hash");
    const heard = async () => {
      const { followers } = await other.follow(last, []);
      return followers
        .filter(({ processId }) => processId !== other.processId)
        .map(({ processId, at }) => [processId, at]);
    };
    const told = [[one.processId, { epoch: tail.epoch, n: 1 }]];
    expect(await heard()).toEqual(told);
    await redis.client.hdel(key, one.processId);
    expect(await heard()).toEqual(told);
    // Whoever it is, it is waited for.
    const unknown = [[one.processId, { epoch: "-", n: 0 }]];
    const others = (await redis.client.hgetBuffer(key, other.processId)) ?? "";
    for (const forged of [`9999999999999 ${last.epoch} ${last.n}`, "0 ", "", others]) {
      await redis.client.hset(key, one.processId, forged);
      expect(await heard()).toEqual(unknown);
    }
    await redis.client.hset(key, "somebody", `9999999999999 ${last.epoch} ${last.n}`);
    expect(await heard()).toEqual([...unknown, ["somebody", { epoch: "-", n: 0 }]]);
  });

  it("is heard by all while CACHE_KEY is replaced: at no step of it are there two", async () => {
    const [before, after, naming] = ["before", "after", "naming"].map(
      (word) => `a-${word}-of-at-least-32-characters-of-ours`,
    );
    const steps = [`${before}`, `${before},${after}`, `${after},${before}`, `${after}`];
    let earlier = new EngineChangeStream(await join(steps[0], naming));
    for (const step of steps.slice(1)) {
      const later = new EngineChangeStream(await join(step, naming));
      const { tail } = await earlier.follow(null, []);
      await later.follow(tail, []);
      await append(earlier, bodies("of the earlier"));
      await append(later, bodies("of the later"));
      for (const each of [earlier, later]) {
        const { entries } = await each.follow(tail, []);
        expect([step, textsOf(entries).map(([, text]) => text)]).toEqual([step, ["of the earlier", "of the later"]]);
      }
      for (const each of [earlier, later]) {
        const { followers } = await each.follow(tail, []);
        expect([step, followers.filter(({ at }) => at.n === tail.n).length]).toEqual([step, 2]);
      }
      await earlier.leave();
      earlier = later;
    }
  });

  it("is believed by nobody, and waited for by all, where it was told by another key under the same names", async () => {
    const naming = "a-naming-word-of-at-least-32-characters-of-ours";
    const [some, others] = [
      new EngineChangeStream(await join("some-word-of-at-least-32-characters-for-a-fleet", naming)),
      new EngineChangeStream(await join("other-word-of-at-least-32-characters-for-a-fleet", naming)),
    ];
    const { tail } = await some.follow(null, []);
    await others.follow(tail, []);
    const appended = await some.append(bodies("a"), tail);
    expect(textsOf((await others.follow(tail, [])).entries)).toEqual([[2, undefined]]);
    const told = appended?.followers.find(({ processId }) => processId === others.processId);
    expect(told).toMatchObject({ at: { epoch: "-", n: 0 } });
    expect(told?.agoMs).toBeLessThan(60_000);
  });

  it("goes on where its lists are something else", async () => {
    const { tail } = await one.follow(null, []);
    await one.follow(tail, []);
    const key = await keyOfType("hash");
    const spoil = async (spoilt: string) => {
      await redis.client.del(spoilt);
      await redis.client.set(spoilt, "no list");
    };
    await spoil(key);
    expect((await one.follow(tail, [])).followers.map(({ processId }) => processId)).toContain(one.processId);
    await spoil(key);
    expect(await one.append(bodies("a"), tail)).not.toBeNull();
    await spoil(key);
    await other.leave();
    expect(await redis.client.type(key)).toBe("hash");
    const stream = await streamKey();
    await one.follow(tail, [other.processId]);
    const [bell = ""] = (await allStreams()).filter((each) => each !== stream);
    await spoil(bell);
    await one.follow(tail, [other.processId]);
    expect(await redis.client.type(bell)).toBe("stream");
  });
});
