import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { keep, look, put } from "../../src/cache/shared/functions.js";
import type { EngineArgument, EngineFunction, EngineReply, FleetEngine } from "../../src/fleet/FleetEngine.js";
import { ManualClock } from "../support/ManualClock.js";
import { hasRedis, startRedis, type TestRedis } from "../support/startRedis.js";
import { FakeEngine, FakeServer } from "../unit/cache/shared/FakeEngine.js";
import { Member as Reader, until } from "../unit/cache/shared/Member.js";
import { joinFleet, type Member } from "./joinFleet.js";

/** So long that nothing ends while a slow machine looks at it. */
const longMs = 600_000;

describe.skipIf(!hasRedis)("readings in a real engine", () => {
  let redis: TestRedis;
  const members: Member[] = [];

  beforeAll(async () => {
    redis = await startRedis();
    members.push(await joinFleet({ CACHE_URL: redis.url }), await joinFleet({ CACHE_URL: redis.url }));
  });
  afterAll(async () => {
    for (const { engine } of members) await engine.close();
    await redis.stop();
  });

  function reader(number: number, options: Partial<ConstructorParameters<typeof Reader>[0]> = {}): Reader {
    const member = members[number];
    if (member === undefined) throw new Error(`There is no process ${number}.`);
    return new Reader({ engine: member.engine, clock: member.clock, ...options });
  }

  function looksOf(number: number): number {
    const commands = [...(members[number]?.engine.counts.commands.samples() ?? [])];
    return commands.find(({ labels }) => labels.command === "look")?.value ?? 0;
  }

  /** Reads by a process, with upstream answering; resolves once that is there for the others. */
  async function readAnswered(one: Reader, found: Readonly<Record<string, string>>): Promise<void> {
    const reading = one.readThrough.readMany(Object.keys(found), 0);
    await until(() => one.fetches.length > 0);
    one.fetchAt(0).answer(found);
    await reading;
    await until(() => one.readings.pending === 0);
  }

  it("are read by another process in one round trip, and by nobody who has another credential or another kind", async () => {
    const [one, other] = [reader(0, { maxKeysPerFetch: 300 }), reader(1)];
    const found = Object.fromEntries(Array.from({ length: 300 }, (_, number) => [`id ${number}`, `value ${number}`]));
    await readAnswered(one, found);
    const looked = looksOf(1);
    expect(await other.readThrough.readMany(Object.keys(found), 0)).toEqual(Object.values(found));
    expect(looksOf(1) - looked).toBe(1);
    expect(other.fetches).toEqual([]);
    for (const apart of [reader(1, { scope: "acme with another credential" }), reader(1, { kind: "others" })]) {
      void apart.readThrough.readMany(["id 1"], 0);
      await until(() => apart.fetches.length === 1);
    }
  });

  it("are awaited by another process while they are read, which reads them itself when nothing came of that", async () => {
    const [one, other] = [reader(0, { kind: "awaited" }), reader(1, { kind: "awaited" })];
    const first = one.readThrough.readMany(["a"], 0);
    await until(() => one.fetches.length === 1);
    // A machine may stand still for longer than a lease: that of this test does not end by itself.
    for (const key of await redis.client.keys("*:lease")) await redis.client.pexpire(key, longMs);
    const second = other.readThrough.readMany(["a"], 0);
    await until(() => other.shared.counts.waited === 1);
    expect(other.fetches).toEqual([]);
    one.fetchAt(0).answer({ a: "A" });
    expect(await first).toEqual(["A"]);
    await until(() => one.readings.pending === 0);
    await members[1]?.clock.whenSleeping(10);
    await members[1]?.clock.advance(10);
    expect(await second).toEqual(["A"]);
    expect(other.fetches).toEqual([]);
  });

  it("are read by whoever finds a lease that has no end: it is no process's", async () => {
    const one = reader(0, { kind: "endless" });
    await redis.client.set(one.readings.placeOf("endless", "a").lease, "nobody");
    const reading = one.readThrough.readMany(["a"], 0);
    await until(() => one.fetches.length === 1);
    one.fetchAt(0).answer({ a: "A" });
    expect(await reading).toEqual(["A"]);
  });

  it("are no answer once anything was done to them", async () => {
    const one = reader(0, { kind: "tampered" });
    await readAnswered(one, { a: "A", b: "B", c: "C" });
    const keyOf = (id: string) => one.readings.placeOf("tampered", id).key;
    const [bytes, strange] = await Promise.all([
      redis.client.getBuffer(keyOf("a")),
      redis.client.getBuffer(keyOf("b")),
    ]);
    if (bytes === null || strange === null) throw new Error("Nothing was put there.");
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
    await redis.client.set(keyOf("a"), bytes);
    await redis.client.set(keyOf("c"), strange);
    await redis.client.set(keyOf("b"), "garbage");
    const other = reader(1, { kind: "tampered" });
    const reading = other.readThrough.readMany(["a", "b", "c"], 0);
    await until(() => other.fetches.length === 1);
    expect(other.fetchAt(0).ids).toEqual(["a", "b", "c"]);
    other.fetchAt(0).answer({ a: "A2", b: "B2" });
    expect(await reading).toEqual(["A2", "B2", null]);
    expect(members[1]?.lines.filter(({ msg }) => /cannot be opened/.test(String(msg)))).toHaveLength(1);
  });

  it("does with its functions what the engine of the other tests does", async () => {
    const fake = new FakeEngine(new FakeServer(new ManualClock()));
    const real = members[0]?.engine;
    if (real === undefined) throw new Error("There is no process.");
    const place = (id: string) => [real.key("functions", id), `${real.key("functions", id)}:lease`];
    const eras = real.key("functions", "eras");
    const asked = (token: string, room: number, ...modes: readonly (readonly [id: string, mode: string])[]): Step => [
      look,
      [eras, ...modes.flatMap(([id]) => place(id))],
      [token, longMs, room, "first era", longMs, ...modes.map(([, mode]) => mode)],
    ];
    const steps: readonly Step[] = [
      asked("one", 100, ["a", ""], ["b", "?"]),
      asked("two", 100, ["a", ""], ["a", "?"], ["b", ""]),
      asked("two", 100, ["a", "one"], ["a", "somebody"], ["b", "!"]),
      [keep, [place("a")[1] ?? "", place("b")[1] ?? ""], [longMs, "one", "one"]],
      [put, [...place("a"), ...place("b"), ...place("c")], ["A", longMs, "one", "", 1, "one", "CCC", longMs, ""]],
      asked("three", 100, ["a", ""], ["b", ""], ["c", "!"], ["c", "?"], ["c", "three"]),
      asked("three", 2, ["c", ""], ["a", ""], ["a", "!"]),
      [put, [...place("a"), ...place("b")], ["", 1, "three", "", 1, "two"]],
      asked("four", 100, ["a", "three"], ["b", "two"], ["b", "three"]),
    ];
    for (const [index, step] of steps.entries())
      expect([index, await answerOf(real, step)]).toEqual([index, await answerOf(fake, step)]);
  });
});

type Step = readonly [script: EngineFunction, keys: readonly string[], args: readonly EngineArgument[]];

async function answerOf(engine: FleetEngine, step: Step): Promise<unknown> {
  return plain(await engine.run(...step));
}

function plain(reply: EngineReply): unknown {
  if (Buffer.isBuffer(reply)) return reply.toString();
  return Array.isArray(reply) ? (reply as readonly EngineReply[]).map(plain) : reply;
}
