import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EngineAway } from "../../src/fleet/FleetEngine.js";
import { hasRedis, startRedis, type TestRedis } from "../support/startRedis.js";
import { joinFleet } from "./joinFleet.js";

const twice = { name: "twice", lua: 'redis.call("INCR", KEYS[1]) return {redis.call("INCR", KEYS[1]), ARGV[1]}' };

describe.skipIf(!hasRedis)("over a real server", () => {
  let redis: TestRedis;

  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  it("sends commands, several at once, functions, and waits on a lane of its own", async () => {
    await using member = await joinFleet({ CACHE_URL: redis.url });
    const { engine } = member;
    const name = engine.key("acme", "what", "id");
    expect(await engine.send("SET", name, engine.seal(name, Buffer.from("plain")))).toEqual(Buffer.from("OK"));
    const kept = await engine.send("GET", name);
    expect(Buffer.isBuffer(kept) && engine.open(name, kept)?.toString()).toBe("plain");
    expect(
      await engine.sendAll([
        ["GET", engine.key("acme", "none")],
        ["EXISTS", name],
        ["TTL", name],
      ]),
    ).toEqual([null, 1, -1]);
    const count = engine.key("acme", "count");
    expect(await engine.run(twice, [count], [1.5])).toEqual([2, Buffer.from("1.5")]);
    expect(await engine.run(twice, [count], [7])).toEqual([4, Buffer.from("7")]);
    const stream = engine.key("acme", "stream");
    const waiting = engine.await("follow", 60_000, "XREAD", "BLOCK", 60_000, "STREAMS", stream, "$");
    await whenBlocked(redis);
    // Others do not wait behind it.
    await engine.send("XADD", stream, "1-0", "field", "value");
    expect(await waiting).toEqual([
      [Buffer.from(stream), [[Buffer.from("1-0"), [Buffer.from("field"), Buffer.from("value")]]]],
    ]);
    expect(await engine.await("follow", 1, "XREAD", "BLOCK", 1, "STREAMS", stream, "$")).toBeNull();
    // One for commands and one for the lane, however often it waits.
    const connections = String(await redis.client.client("LIST")).split("name=confluence-access-graph").length - 1;
    expect(connections).toBe(2);
  });

  it("leaves nothing there that tells anything", async () => {
    await using member = await joinFleet({ CACHE_URL: redis.url });
    const { engine } = member;
    await redis.client.flushall();
    const name = engine.key("https://acme.example.com", "account", "alice@example.com");
    await engine.send("SET", name, engine.seal(name, Buffer.from("Alice Adams".repeat(20))));
    const all = await Promise.all(
      (await redis.client.keys("*")).map(async (key) => key + (await redis.client.dump(key))),
    );
    expect(all.length).toBeGreaterThan(0);
    for (const word of ["acme", "alice", "Alice", "account", "example"]) expect(all.join()).not.toContain(word);
    expect(all.every((key) => key.startsWith("cag:{"))).toBe(true);
  });

  it("counts the processes that are there: who leaves is gone at once, who dies after three seconds", async () => {
    await redis.client.flushall();
    await using first = await joinFleet({ CACHE_URL: redis.url });
    const second = await joinFleet({ CACHE_URL: redis.url });
    // Another deployment on the same server.
    await using other = await joinFleet({ CACHE_URL: redis.url, CACHE_KEY: "another-word-of-at-least-32-characters" });
    expect([second.engine.processes, other.engine.processes]).toEqual([2, 1]);
    expect(second.engine.present).toEqual(new Set([first.engine.processId, second.engine.processId]));
    await first.beats();
    expect(first.engine.processes).toBe(2);
    await second.engine.close();
    await first.beats();
    expect(first.engine.processes).toBe(1);
    const set = first.engine.key("fleet", "processes");
    const [seconds = 0] = await redis.client.time();
    const marked = (id: string) => `${id}.${first.engine.key("fleet", "process", id).slice(-22)}`;
    const nowMs = Number(seconds) * 1_000;
    await redis.client.zadd(set, nowMs - 10_000, marked("died"), nowMs, marked("lives"));
    await first.beats();
    expect(first.engine.present).toEqual(new Set([first.engine.processId, "lives"]));
  });

  it("counts those that it knew while the engine has forgotten them, and they could not say so again", async () => {
    await redis.client.flushall();
    await using first = await joinFleet({ CACHE_URL: redis.url });
    await using second = await joinFleet({ CACHE_URL: redis.url });
    await first.beats();
    expect(first.engine.processes).toBe(2);
    await redis.client.flushall();
    await first.beats();
    expect(first.engine.processes).toBe(2);
    for (let beat = 0; beat < 3; beat += 1) await first.beats();
    expect(first.engine.processes).toBe(1);
    await second.beats();
    await first.beats();
    expect(first.engine.processes).toBe(2);
  });

  it("converts to the engine's time and back, and nothing becomes younger by that", async () => {
    await using member = await joinFleet({ CACHE_URL: redis.url });
    const { engine, clock } = member;
    const [seconds = 0, micros = 0] = await redis.client.time();
    const engineNow = seconds * 1_000 + Math.floor(micros / 1_000);
    // The test's own time stands still.
    expect(Math.abs(engine.toEngineMs(clock.now()) - engineNow)).toBeLessThan(60_000);
    expect(engine.toOwnMs(engine.toEngineMs(clock.now() - 5_000))).toBeLessThanOrEqual(clock.now() - 5_000);
    expect(engine.toOwnMs(engineNow + 3_600_000)).toBe(clock.now());
  });

  it("goes on alone when the server is killed, and shares again when it was started anew and empty", async () => {
    await using member = await joinFleet({ CACHE_URL: redis.url });
    const { engine } = member;
    const count = engine.key("acme", "again");
    await engine.run(twice, [count], [0]);
    const waiting = engine.await(
      "follow",
      60_000,
      "XREAD",
      "BLOCK",
      60_000,
      "STREAMS",
      engine.key("acme", "none"),
      "$",
    );
    const gone = expect(waiting).rejects.toBeInstanceOf(EngineAway);
    await whenBlocked(redis);
    await redis.kill();
    await gone;
    await expect(engine.send("PING")).rejects.toBeInstanceOf(EngineAway);
    await redis.restart();
    await member.comesBack();
    // The function is not known there any more.
    expect(await engine.run(twice, [count], [0])).toEqual([2, Buffer.from("0")]);
    expect(await engine.await("follow", 1, "XREAD", "BLOCK", 1, "STREAMS", count.concat("x"), "$")).toBeNull();
  });

  it("goes on alone while the server stands still, and nothing of that is carried out later", async () => {
    await using member = await joinFleet({ CACHE_URL: redis.url });
    const count = member.engine.key("acme", "still");
    redis.pause();
    const asked = Promise.allSettled([member.engine.send("INCR", count)]);
    await member.clock.advance(200);
    expect(await asked).toMatchObject([{ reason: expect.any(EngineAway) }]);
    // It may be out of breath: it was asked for a sign of life, and does not give one.
    await member.clock.advance(300);
    await member.turned(false);
    redis.resume();
    await member.comesBack();
    // What was sent once may have arrived; twice it was not sent.
    expect(Number((await redis.client.get(count)) ?? 0)).toBeLessThanOrEqual(1);
  });

  it.each([
    ["full", "oom", ["maxmemory", "1"], ["maxmemory", "0"]],
    ["a replica", "readonly", ["replicaof", "127.0.0.1 1"], ["replicaof", "no one"]],
  ] as const)(
    "goes on alone while the server is %s, and shares again once it is not",
    async (_how, reason, before, after) => {
      await using member = await joinFleet({ CACHE_URL: redis.url });
      const configure = ([name, value]: readonly [string, string]) =>
        name === "replicaof"
          ? redis.client.call("REPLICAOF", ...value.split(" "))
          : redis.client.config("SET", name, value);
      await configure(before);
      await expect(member.engine.send("SET", member.engine.key("acme", "x"), "y")).rejects.toBeInstanceOf(EngineAway);
      expect(member.lines.at(-1)).toMatchObject({ level: "warn", reason });
      // A probe writes as well, so what only reads does not bring it back.
      await member.clock.whenSleeping(250);
      await member.clock.advance(250);
      await member.clock.whenSleeping(500);
      expect(member.engine.isThere).toBe(false);
      await configure(after);
      await member.comesBack(500);
    },
  );
});

/** Resolves once somebody waits there. */
async function whenBlocked({ client }: TestRedis): Promise<void> {
  while (!/blocked_clients:[1-9]/.test(await client.info("clients"))) await new Promise((done) => setImmediate(done));
}
