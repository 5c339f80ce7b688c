/**
 * What several processes that share by Valkey or Redis come to, and what sharing costs:
 *
 * - `memory`: answers from memory, each made anew, of a process without an engine and of one with: they take turns, and the figure is
 *   the processor's time an answer. It ends with 1 where the engine costs more than 3 %, and the machine was quiet enough to tell.
 * - `throughput`: answers a second of one process and of three. Three need as many cores, and the load some too.
 * - `second level`: small questions that this process was never asked: read by the other before, and read from a site that takes 30 ms.
 * - `index`: until the access index of a site is there: crawled, and taken over from the process that crawled it.
 *
 *   npm run bench:fleet
 *   npm run bench:fleet -- --spaces 20000 --rounds 5
 *
 * Prints its figures and writes them to bench/results/fleet.json.
 */
import "./run/asServed.mjs";
import { mkdirSync, writeFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { startLoad } from "./cached/measure.mjs";
import { collectQuestions } from "./cached/questions.mjs";
import { hasEngine, startEngine } from "./fleet/engine.mjs";
import { ask, askText } from "./reading/ask.mjs";
import { describeMachine } from "./run/machine.mjs";
import { cpuMsOf, startOurs } from "./run/processes.mjs";
import { round, summarize } from "./run/statistics.mjs";
import { siteSizes } from "./worlds/sites.mjs";
import { startSite } from "./worlds/startSite.mjs";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    ms: { type: "string", default: "2000" },
    /** Each with 25 grants. */
    spaces: { type: "string", default: "4000" },
    only: { type: "string", default: "memory,throughput,second level,index" },
  },
});
if (!hasEngine) {
  process.stdout.write("This machine has neither Valkey nor Redis.\n");
  process.exit(2);
}
const [rounds, ms, spaces] = [values.rounds, values.ms, values.spaces].map(Number);
const tell = (line) => process.stdout.write(`${line}\n`);
/** Each answer is made anew, and nothing gets old meanwhile. */
const lasting = Object.fromEntries(
  ["ACCOUNTS", "GROUPS", "SPACES", "MEMBERSHIPS", "GRANTS", "ROLES"].map((of) => [`CACHE_TTL_${of}`, "3600"]),
);
const anew = { ...lasting, ANSWER_CACHE_MB: "0" };

const parts = {
  memory: measureMemory,
  throughput: measureThroughput,
  "second level": measureSecondLevel,
  index: measureIndex,
};
const results = { machine: describeMachine() };
for (const name of values.only.split(",")) {
  const stops = [];
  const engine = await startEngine();
  try {
    results[name] = await parts[name](engine.env, (started) => {
      stops.push(started.stop);
      return started;
    });
    tell(`${name}: ${JSON.stringify(results[name])}`);
  } finally {
    await Promise.all(stops.map((stop) => stop()));
    engine.stop();
  }
}
mkdirSync("bench/results", { recursive: true });
writeFileSync("bench/results/fleet.json", `${JSON.stringify(results, null, 2)}\n`);
const cost = results.memory?.costOfEngine;
// Where one round differs from the next by more than the bound, nothing is said about the bound.
if (cost !== undefined && cost.median > 1.03 && cost.least > 1) process.exitCode = 1;

async function measureMemory(engine, keep) {
  const site = keep(await startSite(siteSizes.cached));
  const servers = [keep(await startOurs(site, anew)), keep(await startOurs(site, { ...anew, ...engine }))];
  await untilShared(servers[1].url);
  const load = keep(await startLoad());
  const { questions } = await collectQuestions(servers[0].url);
  await collectQuestions(servers[1].url);
  const ratios = [];
  const shown = {};
  for (let turn = 0; turn < rounds; turn += 1) {
    for (const { name, query, variables } of questions) {
      const body = JSON.stringify({ query, variables });
      const [alone, shared] = [[], []];
      for (const at of turn % 2 === 0 ? [0, 1, 1, 0] : [1, 0, 0, 1])
        (at === 0 ? alone : shared).push(await cpuOfAnswer(servers[at], load, body, turn === 0 ? ms : ms / 4));
      const [before, after] = [alone, shared].map((each) => each.reduce((sum, one) => sum + one, 0));
      ratios.push(after / before);
      shown[name] = [...(shown[name] ?? []), after / before];
    }
  }
  return {
    costOfEngine: summarize(ratios),
    ofQuestion: Object.fromEntries(Object.entries(shown).map(([name, of]) => [name, summarize(of)])),
  };
}

/** The processor's time that a server takes for an answer, in milliseconds. */
async function cpuOfAnswer({ url, pid }, load, body, warmUpMs) {
  const before = cpuMsOf(pid);
  const { answers } = await load.run({ url, body, connections: 8, ms, warmUpMs });
  return (cpuMsOf(pid) - before) / answers;
}

async function measureThroughput(engine, keep) {
  const site = keep(await startSite(siteSizes.cached));
  const servers = await Promise.all([0, 1, 2].map(async () => keep(await startOurs(site, { ...anew, ...engine }))));
  const loads = await Promise.all(servers.map(async () => keep(await startLoad())));
  const { questions } = await collectQuestions(servers[0].url);
  for (const { url } of servers) await collectQuestions(url);
  const found = {};
  for (const { name, query, variables } of questions) {
    const body = JSON.stringify({ query, variables });
    const run = (count) =>
      Promise.all(
        servers
          .slice(0, count)
          .map(({ url }, at) => loads[at].run({ url, body, connections: 8, ms, warmUpMs: ms / 2 })),
      ).then((runs) => runs.reduce((sum, { perSecond }) => sum + perSecond, 0));
    const [one, three] = [await run(1), await run(3)];
    found[name] = { one: round(one), three: round(three), times: round(three / one) };
  }
  return found;
}

async function measureSecondLevel(engine, keep) {
  const site = keep(await startSite(siteSizes.cached, { latencyMs: 30 }));
  const [first, second] = [
    keep(await startOurs(site, { ...lasting, ...engine })),
    keep(await startOurs(site, { ...lasting, ...engine })),
  ];
  const alone = keep(await startOurs(site, lasting));
  for (const { url } of [first, second]) await untilShared(url);
  const { data } = await ask(first.url, "{ spaces(first: 25) { nodes { id } } }");
  for (const { url } of [second, alone]) await ask(url, "{ spaces(first: 25) { nodes { id } } }");
  const timeOf = async (url, id) => {
    const query = `{ space(id: "${id}") { key grants(first: 100) { nodes { permissions { operation } } } } }`;
    const began = performance.now();
    await ask(url, query);
    return performance.now() - began;
  };
  const times = { upstream: [], secondLevel: [], memory: [] };
  for (const { id } of data.spaces.nodes) await timeOf(first.url, id);
  await site.forgetCalls();
  for (const { id } of data.spaces.nodes) {
    times.secondLevel.push(await timeOf(second.url, id));
    times.memory.push(await timeOf(second.url, id));
  }
  const calls = (await site.calls()).length;
  for (const { id } of data.spaces.nodes) times.upstream.push(await timeOf(alone.url, id));
  return {
    ...Object.fromEntries(Object.entries(times).map(([name, of]) => [name, summarize(of)])),
    callsBySecond: calls,
  };
}

async function measureIndex(engine, keep) {
  const { accounts, memberSizes, grantsOfSpace } = siteSizes.large;
  const site = keep(await startSite({ accounts, memberSizes, grantsOfSpace, spaces }));
  const settings = { ...lasting, INDEX_QUOTA_SHARE: "1", CACHE_MAX_MB: "2048", ...engine };
  const first = keep(await startOurs(site, settings));
  await untilShared(first.url);
  const crawled = await untilIndexed(first.url);
  // What is left to be written of it.
  await pause(2_000);
  await site.forgetCalls();
  const second = keep(await startOurs(site, settings));
  await untilShared(second.url);
  const taken = await untilIndexed(second.url);
  const calls = (await site.calls()).length;
  return { grants: spaces * grantsOfSpace, crawledMs: round(crawled), takenOverMs: round(taken), callsBySecond: calls };
}

async function untilShared(url) {
  for (;;) {
    const { data } = await ask(url, "{ sites { upstreamBudget { sharing { state } } } }");
    if (data.sites[0].upstreamBudget.sharing.state === "SHARED") return;
    await pause(20);
  }
}

async function untilIndexed(url) {
  const began = performance.now();
  // Whoever asks begins it, and is told that it is not there yet.
  await askText(url, "{ sites { findings(first: 1, wait: 0) { nodes { __typename } } } }");
  for (;;) {
    const { data } = await ask(url, "{ sites { index { state } } }");
    if (data.sites[0].index.state === "READY") return performance.now() - began;
    await pause(10);
  }
}
