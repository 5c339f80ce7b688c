import { readdirSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Check } from "../../src/cli/doctor/Examination.js";
import { examineEngine } from "../../src/cli/doctor/engine.js";
import { memoryFinding } from "../../src/cli/doctor/engineAdvice.js";
import { readConfig } from "../../src/config/readConfig.js";
import { connectRedis } from "../../src/fleet/redis/connectRedis.js";
import { engineCommands, leastRules } from "../../src/fleet/redis/engineCommands.js";
import { keysOfText } from "../../src/fleet/Sealer.js";
import { ManualClock } from "../support/ManualClock.js";
import { runCli } from "../support/runCli.js";
import { hasRedis, startRedis, type TestRedis } from "../support/startRedis.js";
import { fleetKey, joinFleet } from "./joinFleet.js";

/** What it makes of a configuration: outcome and finding by subject. */
async function examine(variables: Record<string, string>): Promise<Record<string, [Check["outcome"], string]>> {
  const { fleet } = readConfig({ CACHE_KEY: fleetKey, ...variables });
  if (fleet === null) throw new Error("No fleet was configured.");
  const connect = connectRedis(fleet.address);
  const checks = await examineEngine({
    fleet,
    keys: keysOfText(fleet.keys, fleet.nameKey),
    connect,
    clock: new ManualClock(),
  });
  expect(checks.every(({ siteId }) => siteId === null)).toBe(true);
  expect(JSON.stringify(checks)).not.toMatch(/secret-word|a-word-of/);
  return Object.fromEntries(checks.map(({ subject, outcome, finding }) => [subject, [outcome, finding]]));
}

/** Words in capitals that stand in what speaks with the engine, in quotes: commands among others. */
function capitalWords(): ReadonlySet<string> {
  const rooms = ["fleet", "cache", "loaders", "http", "callers", "crawl"].map((room) => join("src", room));
  const texts = rooms.flatMap((room) =>
    readdirSync(room, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts") && !name.endsWith("engineCommands.ts"))
      .map((name) => readFileSync(join(room, name), "utf8"))
      .filter((text) => /Fleet|Engine|redis/.test(text)),
  );
  return new Set(texts.flatMap((text) => [...text.matchAll(/["']([A-Z]{3,})["']/g)]).map(([, word = ""]) => word));
}

describe("commands of the engine", () => {
  it("stand in the documents as the rules that a user needs", () => {
    expect(readFileSync("docs/operating.md", "utf8")).toContain(leastRules({ isCluster: false, database: 0 }));
    expect(leastRules({ isCluster: true, database: 0 })).toMatch(/ \+cluster\|slots \+asking$/);
    expect(leastRules({ isCluster: false, database: 2 })).toMatch(/ \+select$/);
  });
});

describe.skipIf(!hasRedis)("the doctor, of what processes share", () => {
  let redis: TestRedis;
  const as = (user: string) => ({ CACHE_URL: `redis://${user}:secret-word@127.0.0.1:${redis.port}` });
  beforeAll(async () => {
    redis = await startRedis({
      hasPort: true,
      settings: ["--maxmemory", "64mb", "--maxmemory-policy", "volatile-lru"],
    });
  });
  afterAll(() => redis.stop());
  const user = (name: string, rules: string) =>
    redis.client.call("ACL", "SETUSER", name, "reset", "on", ">secret-word", ...rules.split(" "));

  it("tries each command that anything asks for, by itself or in a function, and no other", async () => {
    const known = (await redis.client.call("COMMAND")) as [name: string][];
    const commands = new Set(known.map(([name]) => name.toUpperCase()));
    const used = [...capitalWords()].filter((word) => commands.has(word));
    expect(used.sort()).toEqual(Object.keys(engineCommands).sort());
  });

  it("finds it good for a user who may do what the documents name and nothing else, and leaves nothing there", async () => {
    // Redis 6.0 tells its version to whoever may ask; later ones tell everybody.
    await user("least", `${leastRules({ isCluster: false, database: 0 })} +hello`);
    const found = await examine(as("least"));
    expect(found).toMatchObject({
      CACHE_KEY: ["ok", `${fleetKey.length} characters`],
      "reaching it": ["ok", `127.0.0.1:${redis.port}`],
      version: ["ok", expect.stringMatching(/^(?:redis|valkey) \d+\.\d+\.\d+$/)],
      role: ["ok", "primary"],
      "keys cag:*": ["ok", expect.anything()],
      commands: ["ok", "its user may run all 31 that are used"],
      functions: ["ok", expect.anything()],
      processes: ["ok", expect.stringMatching(/^none shares/)],
      memory: ["skipped", "it does not tell: for this alone its user needs +info"],
      "round trip": ["ok", expect.stringMatching(/^\d+\.\d ms, \d+\.\d ms at most of 21$/)],
    });
    expect(await redis.client.dbsize()).toBe(0);
  });

  it("knows of processes that share by the same key, and tells how much memory there is to whom it may", async () => {
    await user("least", `${leastRules({ isCluster: false, database: 0 })} +info`);
    await using member = await joinFleet(as("least"));
    expect(member.engine.isThere).toBe(true);
    const found = await examine({ ...as("least"), CACHE_KEY: `a-word-of-later-that-is-as-long-as-that,${fleetKey}` });
    expect(found).toMatchObject({
      CACHE_KEY: ["ok", expect.stringMatching(/^39 characters and 44 characters: the first encrypts/)],
      processes: ["ok", "1 that share by this key"],
      memory: ["ok", expect.stringMatching(/^\d+ MB of 64 MB used, volatile-lru$/)],
    });
    const stranger = await examine({ ...as("least"), CACHE_KEY: "a-word-of-32-characters-for-another-fleet" });
    expect(stranger.processes?.[1]).toMatch(/^none shares by this key just now/);
  });

  it.each([
    ["a command", "~cag:* +@all -xadd -eval", "commands", /^its user may not run XADD, EVAL: it needs ~cag:\* \+ping /],
    [
      "writing",
      "~cag:* +@read +@connection -time",
      "commands",
      /^its user may not run TIME, SET, and perhaps not what/,
    ],
    ["its keys", "~other:* +@all", "keys cag:*", /give it ~cag:\*$/],
  ])("says what a user lacks who may not have %s", async (_what, rules, subject, finding) => {
    await user("poor", rules);
    const found = await examine(as("poor"));
    expect(found[subject]).toEqual(["failed", expect.stringMatching(finding)]);
    expect(found.functions).toBeUndefined();
    expect(found["round trip"]?.[0]).toBe("ok");
  });

  it("says of a password and a database what to put right, and of a replica that it takes nothing", async () => {
    await user("known", "~* +@all");
    const wrong = await examine({ CACHE_URL: `redis://known:secret-word-other@127.0.0.1:${redis.port}` });
    expect(wrong["reaching it"]).toEqual(["failed", expect.stringMatching(/refuses the user name or the password/)]);
    expect(wrong["everything else there"]?.[0]).toBe("skipped");
    const { "reaching it": elsewhere } = await examine({ CACHE_URL: `${as("known").CACHE_URL}/99` });
    expect(elsewhere).toEqual(["failed", expect.stringMatching(/it has no database 99$/)]);
    await redis.client.call("REPLICAOF", "127.0.0.1", "1");
    const replica = await examine(as("known"));
    await redis.client.call("REPLICAOF", "NO", "ONE");
    expect(replica).toMatchObject({
      role: ["failed", "it is a replica, which takes nothing: name the primary"],
      commands: ["failed", "it takes nothing, because it is a replica: name the primary"],
    });
  });

  it("is part of `doctor`, beside sites or without any, and ends with 1 where sharing fails", async () => {
    await user("poor", "~cag:* +@all -@scripting");
    const { code, stdout, stderr } = await runCli("cli/doctor.js", [], { ...as("poor"), CACHE_KEY: fleetKey });
    expect(stdout).toMatch(
      /What processes share \(CACHE_URL\)\n[\s\S]*FAILED +commands +its user may not run EVALSHA, EVAL/,
    );
    expect([code, `${stdout}${stderr}`.includes("secret-word")]).toEqual([1, false]);
  });
});

describe("the doctor, of what is no engine", () => {
  const servers: Server[] = [];
  afterAll(() => {
    for (const server of servers) server.close();
  });
  const answering = (text: string) =>
    new Promise<string>((resolve) => {
      const server = createServer((socket) => {
        socket.on("error", () => undefined);
        socket.on("data", () => socket.end(text));
      });
      servers.push(server);
      server.listen(0, "127.0.0.1", () => {
        const address = server.address();
        resolve(`127.0.0.1:${typeof address === "object" ? address?.port : ""}`);
      });
    });

  it.each([
    ["nobody", "redis", null, /nobody listens there/],
    ["a web server", "redis", "HTTP/1.1 400 Bad Request\r\n\r\n", /does it want rediss:\/\/, over TLS\?$/],
    ["one without TLS", "rediss", "-ERR unknown\r\n", /does not speak TLS there/],
  ])("says so of %s", async (_what, scheme, text, finding) => {
    const place = text === null ? "127.0.0.1:1" : await answering(text);
    const found = await examine({ CACHE_URL: `${scheme}://:secret-word@${place}` });
    expect(found["reaching it"]).toEqual(["failed", expect.stringMatching(finding)]);
  });

  it.each([
    ["0", "noeviction", "warning", /no bound.*set maxmemory, and maxmemory-policy volatile-lru$/],
    ["104857600", "noeviction", "warning", /^5 MB of 100 MB used, noeviction: once full/],
    ["104857600", "allkeys-lru", "warning", /news and budgets are dropped/],
    ["104857600", "volatile-ttl", "ok", /^5 MB of 100 MB used, volatile-ttl$/],
    ["5242880", "volatile-lru", "ok", /full: what was read goes early$/],
  ])("tells of maxmemory %s and %s", (most, policy, outcome, finding) => {
    const facts = new Map(Object.entries({ maxmemory: most, used_memory: "5242880", maxmemory_policy: policy }));
    expect(memoryFinding(facts)).toEqual({ outcome, finding: expect.stringMatching(finding) });
    expect(memoryFinding(new Map()).outcome).toBe("skipped");
  });
});
