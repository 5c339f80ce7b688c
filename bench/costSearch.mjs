/**
 * Looks for operations that take longer than their cost says: made at random from the schema, kept and varied where they took the most
 * milliseconds or memory for a unit, each asked of the built server over a site that is all in memory by then.
 *
 *   npm run bench:cost -- --minutes 10 --seed 1
 *
 * Prints the worst by time and by memory, how long the longest turn of somebody else was meanwhile, and writes
 * bench/results/costSearch.json. Ends with 1 where an operation that was let through took longer than 1 s or 200 MB.
 */
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { buildClientSchema, getIntrospectionQuery } from "graphql";
import { OperationBreeder } from "./cost/OperationBreeder.mjs";
import { startSite } from "./worlds/startSite.mjs";

const { values } = parseArgs({
  options: { minutes: { type: "string", default: "10" }, seed: { type: "string", default: "1" } },
});
const site = await startSite({
  accounts: 1_200,
  memberSizes: [600, ...Array.from({ length: 99 }, (_, at) => 10 + at)],
  spaces: 200,
  grantsOfSpace: 40,
});
const env = {
  ...{ PATH: process.env.PATH, PORT: "0", LOG_LEVEL: "error", INDEX_WARM: "on", CONFLUENCE_URL: site.url },
  ...{ CONFLUENCE_DEPLOYMENT: "cloud", CONFLUENCE_EMAIL: "admin@sandbox.test", CONFLUENCE_API_TOKEN: "sandbox-token" },
  ...Object.fromEntries(
    ["ACCOUNTS", "GROUPS", "SPACES", "MEMBERSHIPS", "GRANTS", "ROLES"].map((kind) => [`CACHE_TTL_${kind}`, "86400"]),
  ),
};
const server = spawn(process.execPath, ["--expose-gc", "--import", watcherModule(), "dist/main.js"], {
  env,
  stdio: ["ignore", "pipe", "inherit", "ipc"],
});
const url = await new Promise((resolve) => {
  let printed = "";
  server.stdout.on("data", (chunk) => {
    printed += chunk;
    const found = /^GraphQL +(http:\S+)$/m.exec(printed);
    if (found !== null) resolve(found[1]);
  });
});

/** In the server: its memory and the longest synchronous step since it was last asked, by messages. */
function watcherModule() {
  const code = `
    import { monitorEventLoopDelay } from "node:perf_hooks";
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    let peak = 0;
    setInterval(() => { const { heapUsed, external } = process.memoryUsage(); peak = Math.max(peak, heapUsed + external); }, 5).unref();
    process.on("message", (what) => {
      if (what === "begin") { globalThis.gc(); const { heapUsed, external } = process.memoryUsage(); peak = heapUsed + external; delay.reset(); process.send({ held: peak }); }
      else { const { heapUsed, external } = process.memoryUsage(); process.send({ peak: Math.max(peak, heapUsed + external), stallMs: Math.max(0, delay.max / 1e6 - 5) }); }
    });
    process.channel?.unref();`;
  return `data:text/javascript,${encodeURIComponent(code)}`;
}

function tell(what) {
  return new Promise((resolve) => {
    server.once("message", resolve);
    server.send(what);
  });
}

async function ask({ query, variables }, headers = {}) {
  const began = performance.now();
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ query, variables }),
  });
  const text = await response.text();
  return { ms: performance.now() - began, text };
}

const small = { query: '{ space(key: "S1") { id name } }', variables: {} };
const percentile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
async function latencies(untilDone) {
  const taken = [];
  while (!untilDone.isOver) {
    taken.push((await ask(small)).ms);
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
  return taken;
}

const say = (text) => process.stderr.write(`${text}\n`);
say(`serving at ${url}`);
const { data } = JSON.parse((await ask({ query: getIntrospectionQuery() })).text);
const breeder = new OperationBreeder(buildClientSchema(data), Number(values.seed), await vocabulary());

/** Ids that exist, and with it everything is read once. */
async function vocabulary() {
  const all = `{ sites { siteId } accounts(first: 1000) { nodes { id accountId email displayName } } groups(first: 100) { nodes { id
    members(first: 100) { nodes { id displayName groups { nodes { id name } } } } } }
    spaces(first: 200) { nodes { id key spaceId } } grants(first: 1000) { nodes { id } } }`;
  const answer = JSON.parse((await ask({ query: all })).text);
  if (!answer.data) throw new Error(JSON.stringify(answer.errors).slice(0, 500));
  // The crawl of the index has to be over: whoever asks before waits for it.
  for (let state = ""; state !== "READY"; ) {
    state = JSON.parse((await ask({ query: "{ sites { index { state } } }" })).text).data.sites[0].index.state;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const ids = (nodes, count) => nodes.slice(0, count).map(({ id }) => id);
  const { accounts, groups, spaces, grants, sites } = answer.data;
  return {
    Account: ids(accounts.nodes, 300),
    Group: ids(groups.nodes, 100),
    Space: ids(spaces.nodes, 200),
    Grant: ids(grants.nodes, 300),
    siteIds: sites.map(({ siteId }) => siteId),
    keys: spaces.nodes.slice(0, 50).map(({ key }) => key),
  };
}

process.on("exit", () => server.kill());
const limits = { ms: 1_000, bytes: 200 * 1024 * 1024 };
const found = [];
const counts = { asked: 0, refused: 0, failed: 0 };
const quiet = { isOver: false };
setTimeout(() => {
  quiet.isOver = true;
}, 3_000);
const quietTaken = (await latencies(quiet)).sort((a, b) => a - b);
const besideTaken = [];
const endsAt = Date.now() + Number(values.minutes) * 60_000;

say("in memory");
while (Date.now() < endsAt) {
  const operation = breeder.next();
  // The first is for what is not in memory yet, and for its document.
  const first = await ask(operation, { "x-include-cost": "true" });
  counts.asked += 1;
  if (counts.asked % 50 === 0) say(`${counts.asked} asked, ${counts.refused} refused`);
  const answer = JSON.parse(first.text);
  const codes = (answer.errors ?? []).map(({ extensions }) => extensions?.code);
  const isRefused = codes.some((code) => /^(QUERY_TOO|RESPONSE_TOO|GRAPHQL_)/.test(code));
  if (codes.includes("INTERNAL")) counts.failed += 1;
  if (isRefused) {
    counts.refused += 1;
    breeder.judge(operation, first.ms > 300 ? first.ms / 100 : 0, codes.includes("QUERY_TOO_EXPENSIVE"));
    if (first.ms > limits.ms) found.push({ ...operation, ms: first.ms, cost: null, codes: [...new Set(codes)] });
    continue;
  }
  const cost = answer.extensions?.cost?.estimated ?? 1;
  const { held } = await tell("begin");
  const beside = { isOver: false };
  const others = latencies(beside);
  const again = await ask(operation);
  beside.isOver = true;
  besideTaken.push(...(await others));
  const { peak, stallMs } = await tell("end");
  const bytes = peak - held;
  const score = again.ms / (Math.max(cost, 2_000) / 1_000);
  breeder.judge(operation, score + again.ms / 200 + stallMs / 50, false);
  found.push({
    ...operation,
    ms: again.ms,
    bytes,
    stallMs,
    cost,
    spent: answer.extensions?.cost?.spent,
    size: first.text.length,
    codes: [...new Set(codes)],
  });
  found.sort((left, right) => right.ms - left.ms);
  if (found.length > 3_000) found.length = 1_500;
}

besideTaken.sort((a, b) => a - b);
const top = (by, count = 8) => [...found].sort((left, right) => by(right) - by(left)).slice(0, count);
const line = ({ ms, bytes = 0, stallMs = 0, cost, spent, size, codes, query }) =>
  `${ms.toFixed(0).padStart(6)} ms ${(bytes / 1048576).toFixed(0).padStart(5)} MB  stall ${stallMs.toFixed(0).padStart(4)} ms  cost ${String(Math.round(cost ?? 0)).padStart(8)}  spent ${String(Math.round(spent ?? 0)).padStart(8)}  ${String(size).padStart(9)} B  ${codes.join()} ${query.replace(/\s+/g, " ").slice(0, 260)}`;
const report = {
  machine: { cpus: cpus().length, node: process.version, load: loadavg() },
  seed: Number(values.seed),
  minutes: Number(values.minutes),
  counts,
  othersMs: {
    quiet: { p50: percentile(quietTaken, 0.5), p99: percentile(quietTaken, 0.99) },
    beside: { p50: percentile(besideTaken, 0.5), p99: percentile(besideTaken, 0.99) },
  },
  slowest: top(({ ms }) => ms),
  hungriest: top(({ bytes = 0 }) => bytes),
  longestStalls: top(({ stallMs = 0 }) => stallMs),
  dearerThanTold: top(({ ms, cost }) => ms / Math.max(cost ?? 1, 2_000)),
};
for (const [name, operations] of Object.entries(report)) {
  if (!Array.isArray(operations)) continue;
  process.stdout.write(`\n${name}\n${operations.map(line).join("\n")}\n`);
}
process.stdout.write(`\n${JSON.stringify({ counts, othersMs: report.othersMs })}\n`);
const shorten = ({ variables: _, query, ...facts }) => ({ ...facts, query: query.slice(0, 2_000) });
const shortened = Object.fromEntries(
  Object.entries(report).map(([name, held]) => [name, Array.isArray(held) ? held.map(shorten) : held]),
);
writeFileSync(new URL("results/costSearch.json", import.meta.url), `${JSON.stringify(shortened, null, 2)}\n`);
server.kill();
await site.stop();
const isWithin = found.every(({ ms, bytes = 0 }) => ms <= limits.ms && bytes <= limits.bytes);
process.exit(isWithin ? 0 : 1);
