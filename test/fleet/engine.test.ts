import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../src/compose/systemClock.js";
import { readConfig } from "../../src/config/readConfig.js";
import { EngineAway } from "../../src/fleet/FleetEngine.js";
import { RedisEngine } from "../../src/fleet/RedisEngine.js";
import { connectRedis } from "../../src/fleet/redis/connectRedis.js";
import { keysOfText } from "../../src/fleet/Sealer.js";
import { createLogger } from "../../src/observability/Logger.js";
import { hasRedis, startRedis, type TestRedis } from "../support/startRedis.js";

const key = "a-word-of-at-least-32-characters-for-a-fleet";

describe.skipIf(!hasRedis)("over a real server", () => {
  let redis: TestRedis;
  const engines: RedisEngine[] = [];
  const lines: string[] = [];

  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(async () => {
    for (const engine of engines) await engine.close();
    await redis.stop();
  });

  async function join(): Promise<RedisEngine> {
    const { fleet } = readConfig({ CACHE_URL: redis.url, CACHE_KEY: key });
    if (fleet === null) throw new Error("No fleet was configured.");
    const engine = new RedisEngine({
      connect: connectRedis(fleet.address),
      keys: keysOfText(fleet.keys),
      clock: systemClock,
      logger: createLogger({ level: "info", destination: { write: (line) => lines.push(line) } }),
    });
    engines.push(engine);
    await engine.start();
    return engine;
  }

  function turned(engine: RedisEngine, isThere: boolean): Promise<void> {
    if (engine.isThere === isThere) return Promise.resolve();
    return new Promise((resolve) => {
      const stop = engine.onTurn((now) => {
        if (now !== isThere) return;
        stop();
        resolve();
      });
    });
  }

  it("sends commands, functions and waits", async () => {
    const engine = await join();
    expect(engine.isThere).toBe(true);
    const name = engine.key("site", "what", "id");
    expect(await engine.send("SET", name, engine.seal(name, Buffer.from("plain")))).toEqual(Buffer.from("OK"));
    const kept = await engine.send("GET", name);
    expect(Buffer.isBuffer(kept) && engine.open(name, kept)?.toString()).toBe("plain");
    expect(
      await engine.sendAll([
        ["GET", engine.key("site", "none")],
        ["EXISTS", name],
      ]),
    ).toEqual([null, 1]);
    const script = { name: "sum", lua: "return tonumber(ARGV[1]) + tonumber(ARGV[2])" };
    expect(await engine.run(script, [name], [1, 2])).toBe(3);
    expect(
      await engine.await("stream", 20, "XREAD", "BLOCK", 20, "STREAMS", engine.key("site", "stream"), "$"),
    ).toBeNull();
  });

  it("goes away with the server, and comes back by itself", async () => {
    const engine = await join();
    const waiting = engine.await("stream", 60_000, "XREAD", "BLOCK", 60_000, "STREAMS", engine.key("site", "x"), "$");
    const gone = expect(waiting).rejects.toBeInstanceOf(EngineAway);
    await redis.kill();
    await gone;
    expect(engine.isThere).toBe(false);
    await expect(engine.send("PING")).rejects.toBeInstanceOf(EngineAway);
    await redis.restart();
    await turned(engine, true);
    expect(await engine.run({ name: "one", lua: "return 1" }, [], [])).toBe(1);
  });
});
