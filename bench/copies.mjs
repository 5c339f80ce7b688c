/**
 * How long a process takes that joins others to have their access index, what holds it up meanwhile, and what that takes of the engine:
 * one writes the parts of a site, another takes them over, both over a Valkey or Redis of this machine, each in a process of its own.
 *
 *   npm run bench:copies                 a site of about half a million grants
 *   npm run bench:copies -- --scale 0.01 another part of the large site
 *
 * Prints its figures and writes them to bench/results/copies-<scale>.json.
 */
import { fork, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { AccessIndex } from "../dist/access/index/AccessIndex.js";
import { ChangedParts } from "../dist/access/index/copies/ChangedParts.js";
import { cloudAccessRules } from "../dist/access/SiteFacts.js";
import { systemClock } from "../dist/compose/systemClock.js";
import { readConfig } from "../dist/config/readConfig.js";
import { CrawlMemory, Touches } from "../dist/crawl/CrawlMemory.js";
import { EngineShelf } from "../dist/crawl/shared/EngineShelf.js";
import { SharedCrawl } from "../dist/crawl/shared/SharedCrawl.js";
import { TouchedParts } from "../dist/crawl/shared/TouchedParts.js";
import { RedisEngine } from "../dist/fleet/RedisEngine.js";
import { connectRedis } from "../dist/fleet/redis/connectRedis.js";
import { keysOfText } from "../dist/fleet/Sealer.js";
import { createLogger } from "../dist/observability/Logger.js";
import { describeMachine } from "./run/machine.mjs";
import { round, watching } from "./run/stalls.mjs";
import { accountId, fill, operations, randomFrom, sizeOf, spaceId } from "./worlds/largeSite.mjs";

const { values } = parseArgs({
  options: { scale: { type: "string", default: "0.06" }, writeTo: { type: "string" } },
});
const scale = Number(values.scale);
const size = sizeOf(scale);
const directory = values.writeTo === undefined ? mkdtempSync(join(tmpdir(), "copies-")) : null;
const path = values.writeTo ?? join(directory, "engine.sock");
const program = process.env.REDIS_SERVER ?? "redis-server";
const { fleet } = readConfig({ CACHE_URL: `unix:${path}`, CACHE_KEY: "a-word-of-at-least-32-characters-for-a-fleet" });
const logger = createLogger({ level: "silent", destination: { write: () => undefined } });

async function joinFleet() {
  const engine = new RedisEngine({
    ...{ connect: connectRedis(fleet.address), keys: keysOfText(fleet.keys) },
    ...{ clock: systemClock, logger },
  });
  await engine.start();
  for (let waited = 0; !engine.isThere; waited += 1) {
    if (waited > 100) throw new Error(`${program} cannot be reached`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const index = new AccessIndex({ rules: cloudAccessRules, hasNestedGroups: false }, new ChangedParts(true));
  const memory = new CrawlMemory();
  let told = null;
  const host = {
    ...{ index, memory, touches: new Touches() },
    told: () => ({ isThrough: true, isBroken: false, wholeMs: 0, outage: null, pass: null }),
    take: (how) => {
      told = how;
    },
    ...{ isInDoubt: () => false, settle: () => undefined, drop: () => undefined, turned: () => undefined },
  };
  const shelf = new EngineShelf({ engine, scope: "site", leaseMs: 60_000, keptMs: 600_000 });
  const positions = { appliedPosition: "epoch.1", isTouchedSince: () => false };
  const crawl = new SharedCrawl({
    ...{ shelf, host, logger, clock: systemClock, times: engine, siteId: "site" },
    touched: new TouchedParts(positions),
  });
  const close = async () => {
    await crawl.close();
    await engine.close();
  };
  return { engine, index, crawl, close, isLoaded: () => told !== null };
}

async function until(isSo) {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
}

const memoryOf = async (engine) => Number(/used_memory:(\d+)/.exec(String(await engine.send("INFO", "memory")))[1]);

/** What is answered to some thousand questions, one letter each. */
function answersOf(index) {
  const random = randomFrom(7);
  const answers = Array.from({ length: 5_000 }, () => {
    const [account, space] = [1 + Math.floor(random() * size.accounts), 1 + Math.floor(random() * size.spaces)];
    return String(index.check(accountId(account), spaceId(space), operations[Math.floor(random() * 8)]))[0];
  });
  return answers.join("");
}

/** Shows the parts of a site to whoever joins, until it is told to end. */
async function write() {
  const one = await joinFleet();
  const { counts } = fill(one.index, { size, random: randomFrom(1) });
  const emptyBytes = await memoryOf(one.engine);
  const parts = one.index.copies.changed.size;
  const { figures } = await watching(async () => {
    one.crawl.start();
    await until(() => one.crawl.role === "READING" && one.index.copies.changed.size === 0);
  });
  await new Promise((resolve) => setTimeout(resolve, 600));
  const engineMb = round(((await memoryOf(one.engine)) - emptyBytes) / 1_048_576);
  process.send({ counts, parts, writing: figures, engineMb, answers: answersOf(one.index) });
  await new Promise((resolve) => process.once("message", resolve));
  await one.close();
  process.disconnect();
}

async function compare() {
  const machine = describeMachine();
  const server = spawn(program, ["--unixsocket", path, "--port", "0", "--save", "", "--dir", directory], {
    stdio: "ignore",
  });
  const writer = fork(new URL(import.meta.url), ["--writeTo", path, "--scale", String(scale)]);
  try {
    const wrote = await new Promise((resolve, reject) => {
      writer.once("message", resolve);
      writer.once("exit", () => reject(new Error("whoever writes has ended")));
    });
    const two = await joinFleet();
    const used = process.cpuUsage();
    const { figures: loading } = await watching(async () => {
      two.crawl.start();
      await until(two.isLoaded);
    });
    const { user, system } = process.cpuUsage(used);
    const answers = answersOf(two.index);
    const results = {
      ...{ machine, scale, size: { ...size, ...wrote.counts }, parts: wrote.parts, writing: wrote.writing },
      loading: { ...loading, cpuMs: round((user + system) / 1_000) },
      engineMb: wrote.engineMb,
      indexMb: round(two.index.bytes / 1_048_576),
      otherAnswers: [...answers].filter((answer, at) => answer !== wrote.answers[at]).length,
    };
    await two.close();
    writer.send("end");
    process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
    mkdirSync(new URL("results/", import.meta.url), { recursive: true });
    writeFileSync(new URL(`results/copies-${scale}.json`, import.meta.url), `${JSON.stringify(results, null, 2)}\n`);
    process.exitCode = results.otherAnswers === 0 ? 0 : 1;
    await new Promise((resolve) => writer.once("exit", resolve));
  } finally {
    writer.kill();
    server.kill();
    rmSync(directory, { recursive: true, force: true });
  }
}

await (values.writeTo === undefined ? compare() : write());
