/**
 * What a caller who asks little feels of another who asks all the time: 30 loops of one, each asking again as soon as it is answered,
 * and the latency of the other's questions alone and beside them. Each has a process of its own.
 *
 *   npm run bench:flood
 *   npm run bench:flood -- --loops 30 --seconds 5
 *
 * Prints p50 and p99 in milliseconds, and how many answers of the flood came between a question of the quiet caller and its answer:
 * a count, which depends less on what else the machine does. So does what the server's main thread did of the processor's time
 * between the two, which Linux tells.
 */
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { cpuMsOf, startOurs, startProgram } from "./run/processes.mjs";
import { siteSizes } from "./worlds/sites.mjs";
import { startSite } from "./worlds/startSite.mjs";

const { values } = parseArgs({
  options: {
    loops: { type: "string", default: "30" },
    seconds: { type: "string", default: "5" },
    client: { type: "string" },
    url: { type: "string" },
    token: { type: "string" },
    pid: { type: "string" },
  },
});
const loops = Number(values.loops);
const seconds = Number(values.seconds);

const questions = {
  quiet: "{ spaces(first: 5) { nodes { key name kind } } }",
  flood:
    "{ grants(first: 1000) { nodes { id permissions { operation target } principal { __typename } resource { ... on Space { key name } } } } }",
};
const say = (line) => process.stdout.write(`${line}\n`);
/** One moment for all processes of a machine. */
const nowMs = () => performance.timeOrigin + performance.now();

if (values.client === undefined) await compare();
else await ask(values.client);

/** A client: asks until its time is over, and tells when each question was asked and answered. */
async function ask(name) {
  const agent = new Agent({ keepAlive: true, maxSockets: loops });
  const body = JSON.stringify({ query: questions[name] });
  const headers = { "content-type": "application/json", authorization: `Bearer ${values.token}` };
  const once = () =>
    new Promise((resolve, reject) => {
      const sent = request(values.url, { agent, method: "POST", headers }, (answer) => {
        let head = "";
        answer.on("data", (chunk) => {
          head ||= chunk.toString("latin1", 0, 10);
        });
        answer.on("end", () => {
          // A refusal costs next to nothing: it would be no flood.
          if (answer.statusCode === 200 && head.startsWith('{"data":')) resolve();
          else reject(new Error(`answered ${answer.statusCode}, ${head}`));
        });
      });
      sent.on("error", reject);
      sent.end(body);
    });
  for (let count = 0; count < 5; count += 1) await once();
  say("asking");
  const spans = [];
  const endMs = nowMs() + seconds * 1_000;
  const loop = async () => {
    while (nowMs() < endMs) {
      const askedMs = nowMs();
      const workedMs = threadMsOf(values.pid);
      await once();
      spans.push([askedMs, nowMs(), threadMsOf(values.pid) - workedMs]);
      // Whoever asks little leaves some time between.
      if (name === "quiet") await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  await Promise.all(Array.from({ length: name === "quiet" ? 1 : loops }, loop));
  agent.destroy();
  // Before all of it is written a disconnected channel would lose it.
  process.send(spans, () => process.disconnect());
}

/** Milliseconds of processor time that a process's main thread had so far; not a number where the system does not tell. */
function threadMsOf(pid) {
  try {
    return Number(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, "latin1").split(" ", 1)[0]) / 1e6;
  } catch {
    return Number.NaN;
  }
}

async function compare() {
  const folder = mkdtempSync(join(tmpdir(), "flood-"));
  const tokens = {
    quiet: "token-of-the-quiet-caller-0123456789abcdef",
    flood: "token-of-the-flooding-caller-0123456789abc",
  };
  const callers = Object.entries(tokens).map(([name, token]) => ({
    name,
    token: `sha256:${createHash("sha256").update(token).digest("hex")}`,
    scopes: ["read"],
  }));
  writeFileSync(join(folder, "callers.json"), JSON.stringify({ callers }));
  const site = await startSite(siteSizes.cached);
  try {
    for (const [title, env] of [
      ["answers given again", {}],
      ["answers made anew", { ANSWER_CACHE_MB: "0" }],
    ]) {
      const server = await startOurs(site, { ...env, CALLERS_FILE: join(folder, "callers.json") });
      const alone = await run("quiet", server, tokens.quiet);
      let sinceMs = cpuMsOf(server.pid);
      const taken = () => {
        const before = sinceMs;
        sinceMs = cpuMsOf(server.pid);
        return sinceMs - before;
      };
      const [quiet, flood] = await Promise.all([
        run("quiet", server, tokens.quiet),
        run("flood", server, tokens.flood),
      ]);
      const besideMs = taken();
      const onlyFlood = await run("flood", server, tokens.flood);
      const aloneMs = taken();
      await server.stop();
      const between = quiet.map(([from, to]) => flood.filter(([, ended]) => ended > from && ended < to).length);
      const waits = (spans) => spans.map(([from, to]) => to - from);
      const worked = (spans) => spans.map(([, , ms]) => ms);
      say(`${title}:`);
      say(`  quiet caller alone:       ${percentiles(waits(alone), "ms")}`);
      say(`  beside ${loops} loops:         ${percentiles(waits(quiet), "ms")}`);
      say(`  by the server's work, alone:  ${percentiles(worked(alone), "ms")}`);
      say(`  beside ${loops} loops:         ${percentiles(worked(quiet), "ms")}`);
      say(`  answers of the flood between: ${percentiles(between, "")}`);
      say(
        `  the flood, answers a second: ${(flood.length / seconds).toFixed(0)}, alone ${(onlyFlood.length / seconds).toFixed(0)}; ms of the processor each: ${(besideMs / flood.length).toFixed(1)}, alone ${(aloneMs / onlyFlood.length).toFixed(1)}`,
      );
    }
  } finally {
    await site.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function run(client, { url, pid }, token) {
  const args = [
    "--client",
    client,
    "--url",
    url,
    "--token",
    token,
    "--pid",
    String(pid),
    "--loops",
    String(loops),
    "--seconds",
    String(seconds),
  ];
  const program = await startProgram([fileURLToPath(import.meta.url), ...args], { ready: /asking/, ipc: true });
  const spans = await new Promise((resolve, reject) => {
    program.child.once("message", resolve);
    program.child.once("exit", (code) => reject(new Error(`the ${client} caller ended with ${code} before it told`)));
  });
  await program.stop();
  return spans;
}

function percentiles(numbers, unit) {
  const sorted = [...numbers].sort((one, other) => one - other);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  const mean = numbers.reduce((sum, each) => sum + each, 0) / Math.max(1, numbers.length);
  const shown = Object.entries({ p50: at(0.5), p99: at(0.99), mean }).map(
    ([name, n]) => `${name} ${n.toFixed(1)} ${unit}`,
  );
  return `${shown.join("  ")}  (${sorted.length} questions)`;
}
