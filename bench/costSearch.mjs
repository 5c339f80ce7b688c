/**
 * Looks for operations that take longer than their cost says: made at random from the schema, kept and varied where they took the most
 * milliseconds or memory for a unit, each asked of the built server over a site that is all in memory by then.
 *
 *   npm run bench:cost -- --minutes 10 --seed 1
 *   npm run bench:cost -- --minutes 0 --named "checks|documents"
 *
 * The second asks nothing but those named operations that it names.
 * Prints the worst by processor time, by memory and by the longest that others had no turn, how long others waited meanwhile, and writes
 * bench/results/costSearch.json. Others put the same small question while nobody else asks ("quiet"), while an operation is answered
 * ("beside"), and to a second server of their own while it is answered ("apart"): what they wait for there is not this server's doing, but
 * that the machine has other work. Ends with 1 where an operation took longer than 1 s of the processor, 200 MB, or 50 ms without a
 * turn for others, or where others waited for more than twice as long (p99) beside as apart.
 */
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { buildClientSchema, getIntrospectionQuery } from "graphql";
import { namedOperations } from "./cost/namedOperations.mjs";
import { OperationBreeder } from "./cost/OperationBreeder.mjs";
import { askText } from "./reading/ask.mjs";
import { Asker, meter, percentile, summaryOf, tellMeter, waitsOf } from "./waiting/waits.mjs";
import { startSite } from "./worlds/startSite.mjs";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "10" },
    seed: { type: "string", default: "1" },
    named: { type: "string", default: "" },
  },
});
const site = await startSite({
  accounts: 1_200,
  // The second holds something in the first space, which everybody can read by it.
  memberSizes: [600, 1_200, ...Array.from({ length: 98 }, (_, at) => 10 + at)],
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
const children = [];
process.on("exit", () => {
  for (const child of children) child.kill();
});

async function serve(args, stdio) {
  const child = spawn(process.execPath, [...args, "dist/main.js"], {
    env,
    stdio: ["ignore", "pipe", "inherit", ...stdio],
  });
  children.push(child);
  const address = await new Promise((resolve) => {
    let printed = "";
    child.stdout.on("data", (chunk) => {
      printed += chunk;
      const found = /^GraphQL +(http:\S+)$/m.exec(printed);
      if (found !== null) resolve(found[1]);
    });
  });
  return { child, url: address };
}

const { child: server, url } = await serve(["--expose-gc", "--import", meter], ["ipc"]);
const { url: urlApart } = await serve([], []);

const tell = (what) => tellMeter(server, what);
const ask = ({ query, variables }, headers) => askText(url, query, variables, headers);

const small = { query: '{ space(key: "S1") { id name } }' };
const others = new Asker();
const asker = new Asker();
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
/** How long others waited for small answers: see above. Of each the same time. */
const waits = { quiet: [], apart: [], beside: [] };

/** What somebody else waits for meanwhile. */
async function waitingBeside(work, at = url) {
  others.begin({ url: at, question: small, connections: 1, pauseMs: 3, headers: { "x-waiting": "yes" } });
  await tell("turns");
  await work();
  const spans = await others.end();
  const told = await tell("end");
  return { waited: waitsOf(spans, told), longestMs: told.longestMs };
}

async function waitingFor({ query, variables }, ms) {
  const askFor = async () => {
    // An answer that tells its cost is made anew each time.
    asker.begin({ url, question: { query, variables }, connections: 1, headers: { "x-include-cost": "true" } });
    await pause(ms);
    await asker.end();
  };
  const beganMs = performance.now();
  const beside = await waitingBeside(askFor);
  const tookMs = performance.now() - beganMs;
  const apart = await waitingBeside(askFor, urlApart);
  const quiet = await waitingBeside(() => pause(tookMs));
  for (const [when, { waited }] of Object.entries({ quiet, apart, beside })) waits[when].push(...waited);
  return {
    longestMs: beside.longestMs,
    othersMs: percentile(
      beside.waited.map(({ workMs }) => workMs),
      0.99,
    ),
  };
}

function line({ name, ms, cpuMs, bytes, longestMs, othersMs = 0, cost, spent, size, codes, isRefused, query }) {
  const units = `cost ${String(Math.round(cost ?? 0)).padStart(8)}  spent ${String(Math.round(spent ?? 0)).padStart(8)}`;
  const taken = `${cpuMs.toFixed(0).padStart(5)} ms (wall ${ms.toFixed(0).padStart(5)})  ${(bytes / 1048576).toFixed(0).padStart(4)} MB  slice ${longestMs.toFixed(0).padStart(4)} ms  others ${othersMs.toFixed(1).padStart(5)} ms`;
  return `${taken}  ${units}  ${String(size).padStart(9)} B  ${isRefused ? "refused " : ""}${codes.join()} ${name ?? query.replace(/\s+/g, " ").slice(0, 220)}`;
}

const say = (text) => process.stderr.write(`${text}\n`);
say(`serving at ${url}`);
const { data } = JSON.parse((await ask({ query: getIntrospectionQuery() })).text);
const words = await vocabulary();
const breeder = new OperationBreeder(buildClientSchema(data), Number(values.seed), words);

/** Ids that exist, and with it everything is read once. */
async function vocabulary() {
  const all = `{ sites { siteId } accounts(first: 1000) { nodes { id accountId email displayName } } groups(first: 100) { nodes { id
    members(first: 100) { nodes { id displayName } } } }
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

/** Of an operation that is let through: processor time in all, memory, and the longest that nobody else had a turn. */
const limits = { cpuMs: 1_000, bytes: 200 * 1024 * 1024, longestMs: 50 };
const found = [];
const counts = { asked: 0, refused: 0, failed: 0 };

/**
 * What an operation takes: asked for what is not in memory yet, for its processor time, and for what others wait beside it, again and
 * again for so long.
 */
async function measure(operation, besideMs) {
  counts.asked += 1;
  await tell("turns");
  const first = await ask(operation, { "x-include-cost": "true" });
  const { longestMs } = await tell("end");
  const answer = JSON.parse(first.text);
  const codes = [...new Set((answer.errors ?? []).map(({ extensions }) => extensions?.code))];
  if (codes.includes("INTERNAL")) counts.failed += 1;
  const { estimated: cost = null, spent = null } = answer.extensions?.cost ?? {};
  const facts = { ...operation, cost, spent, size: first.text.length, codes };
  if (codes.some((code) => /^(QUERY_TOO|RESPONSE_TOO|GRAPHQL_)/.test(code))) {
    counts.refused += 1;
    return { ...facts, isRefused: true, ms: first.ms, cpuMs: 0, bytes: 0, longestMs };
  }
  await tell("total");
  const { ms } = await ask(operation);
  const { cpuMs, threadMs, bytes } = await tell("end");
  const beside = await waitingFor(operation, besideMs);
  return {
    ...facts,
    isRefused: false,
    ms,
    cpuMs,
    threadMs,
    bytes,
    longestMs: Math.max(longestMs, beside.longestMs),
    othersMs: beside.othersMs,
  };
}

say("in memory");
for (const operation of namedOperations(words)) {
  if (!new RegExp(values.named).test(operation.name)) continue;
  const facts = await measure(operation, 1_000);
  found.push(facts);
  say(`${operation.name}: ${line(facts)}`);
}
const endsAt = Date.now() + Number(values.minutes) * 60_000;
while (Date.now() < endsAt) {
  const operation = breeder.next();
  const facts = await measure(operation, 150);
  if (counts.asked % 50 === 0) say(`${counts.asked} asked, ${counts.refused} refused`);
  const { isRefused, cpuMs, bytes, longestMs, cost } = facts;
  const share = Math.max(cpuMs / limits.cpuMs, bytes / limits.bytes, longestMs / limits.longestMs);
  if (isRefused)
    breeder.judge(operation, longestMs > limits.longestMs / 2 ? share : 0, facts.codes.includes("QUERY_TOO_EXPENSIVE"));
  else breeder.judge(operation, share + cpuMs / (Math.max(cost ?? 0, 2_000) / 1_000), false);
  found.push(facts);
  if (found.length > 3_000) {
    found.sort((left, right) => right.cpuMs - left.cpuMs);
    found.length = 1_500;
  }
}

const top = (by, count = 8) => [...found].sort((left, right) => by(right) - by(left)).slice(0, count);
const isOver = (each) => Object.entries(limits).some(([name, most]) => each[name] > most);
const summaries = (of, whens) =>
  Object.fromEntries(whens.map((when) => [when, summaryOf(waits[when].map((each) => each[of]))]));
const report = {
  machine: { cpus: cpus().length, node: process.version, load: loadavg() },
  seed: Number(values.seed),
  minutes: Number(values.minutes),
  counts,
  others: {
    clockMs: summaries("clockMs", ["quiet", "apart", "beside"]),
    // Of the main thread of the server that is measured.
    workMs: summaries("workMs", ["quiet", "beside"]),
    garbageMs: summaries("garbageMs", ["quiet", "beside"]),
  },
  slowest: top(({ cpuMs }) => cpuMs),
  hungriest: top(({ bytes }) => bytes),
  longestSlices: top(({ longestMs }) => longestMs),
  longestForOthers: top(({ othersMs = 0 }) => othersMs),
  dearerThanTold: top(({ cpuMs, cost }) => cpuMs / Math.max(cost ?? 1, 2_000)),
  overALimit: found.filter(isOver),
};
for (const [name, operations] of Object.entries(report)) {
  if (!Array.isArray(operations)) continue;
  process.stdout.write(`\n${name}\n${operations.map(line).join("\n")}\n`);
}
process.stdout.write(`\n${JSON.stringify(counts)}\n`);
for (const [name, whens] of Object.entries(report.others)) {
  for (const [when, { p50, p99, mean, of }] of Object.entries(whens))
    process.stdout.write(
      `others, ${name}, ${when}: p50 ${p50.toFixed(2)}  p99 ${p99.toFixed(2)}  mean ${mean.toFixed(2)}  (${of} questions)\n`,
    );
}
const shorten = ({ variables: _, query, ...facts }) => ({ ...facts, query: query.slice(0, 2_000) });
const shortened = Object.fromEntries(
  Object.entries(report).map(([name, held]) => [name, Array.isArray(held) ? held.map(shorten) : held]),
);
writeFileSync(new URL("results/costSearch.json", import.meta.url), `${JSON.stringify(shortened, null, 2)}\n`);
others.stop();
asker.stop();
await site.stop();
const { apart, beside } = report.others.clockMs;
process.exit(report.overALimit.length === 0 && beside.p99 <= 2 * apart.p99 ? 0 : 1);
