/**
 * What a caller who asks little feels of another who asks all the time: 30 loops of one, each asking again as soon as it is answered, or
 * four connections that send 200 small questions at a time; and how long the other waits alone and beside them, by turns. Each has a
 * process of its own.
 *
 *   npm run bench:flood
 *   npm run bench:flood -- --loops 30 --seconds 3 --rounds 4 --named pipelined
 *
 * Prints p50, p99 and mean of what the server's main thread did between a question and its answer, which Linux tells, and of the
 * milliseconds on the clock, which hold what else the machine does. Ends with 1 where the p99 of that work more than doubled.
 */
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { cpuMsOf, startOurs } from "./run/processes.mjs";
import { Asker, meter, summaryOf, tellMeter, waitsOf } from "./waiting/waits.mjs";
import { siteSizes } from "./worlds/sites.mjs";
import { startSite } from "./worlds/startSite.mjs";

const { values } = parseArgs({
  options: {
    loops: { type: "string", default: "30" },
    seconds: { type: "string", default: "3" },
    rounds: { type: "string", default: "4" },
    named: { type: "string", default: "" },
  },
});
const seconds = Number(values.seconds);

const questions = {
  quiet: { query: "{ spaces(first: 5) { nodes { key name kind } } }" },
  flood: {
    query:
      "{ grants(first: 1000) { nodes { id permissions { operation target } principal { __typename } resource { ... on Space { key name } } } } }",
  },
};
const tokens = {
  quiet: "token-of-the-quiet-caller-0123456789abcdef",
  flood: "token-of-the-flooding-caller-0123456789abc",
};
const say = (line) => process.stdout.write(`${line}\n`);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const folder = mkdtempSync(join(tmpdir(), "flood-"));
const callers = Object.entries(tokens).map(([name, token]) => ({
  name,
  token: `sha256:${createHash("sha256").update(token).digest("hex")}`,
  scopes: ["read"],
}));
writeFileSync(join(folder, "callers.json"), JSON.stringify({ callers }));
const site = await startSite(siteSizes.cached);
let isWithinTwice = true;
try {
  say(`load of the machine: ${loadavg()[0].toFixed(1)}`);
  const loops = { connections: Number(values.loops), question: questions.flood };
  const pipelined = { connections: 4, pipelined: 200, question: questions.quiet };
  for (const [title, env, flood] of [
    ["answers given again", {}, loops],
    ["answers made anew", { ANSWER_CACHE_MB: "0" }, loops],
    ["small answers given again, pipelined", {}, pipelined],
    ["small answers made anew, pipelined", { ANSWER_CACHE_MB: "0" }, pipelined],
  ]) {
    if (!new RegExp(values.named).test(title)) continue;
    say(`${title}:`);
    isWithinTwice = (await compare({ ...env, CALLERS_FILE: join(folder, "callers.json") }, flood)) && isWithinTwice;
  }
} finally {
  await site.stop();
  rmSync(folder, { recursive: true, force: true });
}
process.exit(isWithinTwice ? 0 : 1);

/** Whether beside the flood the quiet one waited for no more than twice of what it waits for alone. */
async function compare(env, flooding) {
  const server = await startOurs(site, env, ["--import", meter], { ipc: true });
  const quiet = new Asker();
  const flood = new Asker();
  const asking = {
    quiet: { pauseMs: 10, connections: 1, headers: { "x-waiting": "yes" }, question: questions.quiet },
    flood: flooding,
  };
  const begin = (asker, name) => asker.begin({ ...asking[name], url: server.url, token: tokens[name] });
  // Everything is read by then, and compiled.
  begin(flood, "flood");
  begin(quiet, "quiet");
  await pause(2_000);
  await Promise.all([quiet.end(), flood.end()]);
  const waits = { alone: [], beside: [] };
  const answered = { beside: 0, alone: 0 };
  const cpuMs = { beside: 0, alone: 0 };
  const watch = async (into) => {
    begin(quiet, "quiet");
    await tellMeter(server.child, "turns");
    await pause(seconds * 1_000);
    const spans = await quiet.end();
    into.push(...waitsOf(spans, await tellMeter(server.child, "end")));
  };
  const whileFlooding = async (as, work) => {
    const before = cpuMsOf(server.pid);
    begin(flood, "flood");
    await work();
    answered[as] += (await flood.end()).length;
    cpuMs[as] += cpuMsOf(server.pid) - before;
  };
  for (let round = 0; round < Number(values.rounds); round += 1) {
    await watch(waits.alone);
    await whileFlooding("beside", () => watch(waits.beside));
    await whileFlooding("alone", () => pause(seconds * 1_000));
  }
  quiet.stop();
  flood.stop();
  await server.stop();
  const summaries = {};
  for (const [kind, of] of Object.entries({ workMs: "by the server's work", clockMs: "on the clock" })) {
    for (const [name, all] of Object.entries(waits)) {
      const summary = summaryOf(all.map((each) => each[kind]));
      summaries[`${kind} ${name}`] = summary;
      const figures = ["p50", "p99", "mean"].map((figure) => `${figure} ${summary[figure].toFixed(2)} ms`);
      say(`  ${`${of}, ${name}:`.padEnd(30)} ${figures.join("  ")}  (${summary.of} questions)`);
    }
  }
  const rounds = Number(values.rounds);
  const [beside, alone] = ["beside", "alone"].map(
    (name) =>
      `${(answered[name] / seconds / rounds).toFixed(0)} answers a second, ${(cpuMs[name] / answered[name]).toFixed(1)} ms of the processor each`,
  );
  say(`  the flood beside the quiet one: ${beside}; alone: ${alone}`);
  const times = summaries["workMs beside"].p99 / summaries["workMs alone"].p99;
  say(`  p99 of the server's work beside the flood: ${times.toFixed(1)} times of it alone`);
  return times <= 2;
}
