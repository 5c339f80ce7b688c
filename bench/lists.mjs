/**
 * Lists of a large site: how long a page of a list of half a million grants takes when it is remembered, and how long anything
 * held the process up meanwhile, also while the list is read for the first time, read again, and while the index is crawled.
 *
 *   npm run bench:lists [-- --spaces 20000]
 *
 * Prints its figures, in milliseconds, and writes them to bench/results/lists.json.
 */
import "./run/asServed.mjs";
import { fork } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { compose } from "../dist/compose/compose.js";
import { systemClock } from "../dist/compose/systemClock.js";
import { readConfig } from "../dist/config/readConfig.js";
import { encodeGlobalId } from "../dist/graph/schema/GlobalId.js";
import { createLogger } from "../dist/observability/Logger.js";
import { round, watching } from "./run/stalls.mjs";

const { values } = parseArgs({ options: { spaces: { type: "string", default: "20000" } } });
const size = { accounts: 8_000, groups: 200, membersOfGroup: 60, spaces: Number(values.spaces), grantsOfSpace: 25 };

const child = fork(new URL("listsSandbox.mjs", import.meta.url), [JSON.stringify(size)]);
const sandbox = await new Promise((resolve, reject) => child.once("message", resolve).once("exit", reject));
const config = readConfig({
  CONFLUENCE_URL: sandbox.url,
  CONFLUENCE_DEPLOYMENT: "cloud",
  CONFLUENCE_EMAIL: sandbox.credential.email,
  CONFLUENCE_API_TOKEN: sandbox.credential.apiToken,
  CACHE_MAX_MB: "1024",
  CACHE_TTL_GRANTS: "600",
  CACHE_TTL_MEMBERSHIPS: "600",
  PORT: "0",
});
// What stands still is what is measured: the clock of the server can be moved, so that everything is stale at once.
let aheadMs = 0;
const clock = { ...systemClock, now: () => systemClock.now() + aheadMs };
const logger = createLogger({ level: "error", destination: process.stderr });
const server = await compose({ config, sites: config.sites, logger, clock });
const [{ siteId }] = config.sites;

async function ask(query, variables, isWholeWanted = true) {
  const response = await fetch(server.graphqlUrl, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = JSON.parse(await response.text());
  if (errors !== undefined && isWholeWanted) throw new Error(JSON.stringify(errors[0]));
  return data;
}

// Each time another size of page, so that no answer is remembered whole.
const count = "query Count($first: Int) { grants(first: $first) { totalCount completeness { isComplete } } }";
const firstPage =
  "query First($first: Int) { grants(first: $first) { totalCount nodes { id } pageInfo { endCursor hasNextPage } } }";
const thousand = `query Page($after: String) { grants(first: 1000, after: $after) { totalCount
  nodes { id principal { __typename ... on Account { id accountId } ... on Group { id groupId } } permissions { operation target }
    resource { ... on Space { id key } } } pageInfo { endCursor hasNextPage } } }`;
const ofAccount = "query Of($id: ID!) { account(id: $id) { grants { totalCount nodes { id } } } }";
const filtered = `query Filtered($after: String) { grants(first: 1000, after: $after, filter: { operations: ["administer"] }) {
  totalCount nodes { id } pageInfo { endCursor hasNextPage } } }`;
const accounts = "query Accounts { accounts { totalCount nodes { id } } }";
let asked = 0;
const askCount = () => ask(count, { first: 1 + (asked++ % 1_000) });
const askFirstPage = () => ask(firstPage, { first: 100 + (asked++ % 900) });
const accountNamed = (at) =>
  encodeGlobalId({
    type: "Account",
    siteId,
    accountId: `712020:human-${String((at * 31) % size.accounts).padStart(6, "0")}`,
  });

/** Median and slowest of one question at a time. */
async function measure(rounds, askOnce) {
  await askOnce(0);
  const taken = [];
  const before = process.cpuUsage();
  const { figures } = await watching(async () => {
    for (let at = 1; at <= rounds; at += 1) {
      const began = performance.now();
      await askOnce(at);
      taken.push(performance.now() - began);
    }
  });
  const { user, system } = process.cpuUsage(before);
  taken.sort((left, right) => left - right);
  // The processor's time of one question, that of asking it included: it moves less on a busy machine.
  const workMs = round((user + system) / 1000 / rounds);
  return { median: round(taken[rounds >> 1]), workMs, slowest: round(taken.at(-1)), ...figures };
}

const figures = { machine: { cpus: cpus().length, model: cpus()[0]?.model ?? "", node: process.version }, size };
const note = (name, value) => {
  figures[name] = value;
  process.stdout.write(`${name} ${JSON.stringify(value)}\n`);
};
const heapMb = () => Math.round(process.memoryUsage().rss / 1_048_576);

async function readThrough(query) {
  let after = null;
  let pages = 0;
  let slowest = 0;
  do {
    const began = performance.now();
    const { grants } = await ask(query, { after });
    slowest = Math.max(slowest, performance.now() - began);
    pages += 1;
    after = grants.pageInfo.hasNextPage ? grants.pageInfo.endCursor : null;
  } while (after !== null);
  return { pages, slowest: round(slowest) };
}

const first = await watching(() => askCount());
note("firstReading", { ...first.figures, totalCount: first.result.grants.totalCount, rssMb: heapMb() });
note("count", await measure(20, askCount));
note("firstPage", await measure(20, askFirstPage));
const all = await watching(() => readThrough(thousand));
note("allPages", { ...all.figures, ...all.result, rssMb: heapMb() });
note("grantsOfAccount", await measure(20, (at) => ask(ofAccount, { id: accountNamed(at) })));
const some = await watching(() => readThrough(filtered));
note("filteredPages", { ...some.figures, ...some.result, rssMb: heapMb() });
note("accounts", await measure(5, () => ask(accounts)));
// All grants are stale: they are answered with, and read again behind the answer.
aheadMs += 650_000;
note("whileReadAgain", await measure(30, askFirstPage));

const whoCan = `query ($id: ID!) { space(id: $id) { effectiveAccess(first: 1, wait: 0) { totalCount } } }`;
const state = "query State { sites { index { state } } }";
const crawl = await watching(async () => {
  await ask(whoCan, { id: encodeGlobalId({ type: "Space", siteId, spaceId: "1000" }) }, false);
  const taken = [];
  for (;;) {
    const began = performance.now();
    await askFirstPage();
    taken.push(performance.now() - began);
    if ((await ask(state)).sites[0].index.state === "READY") break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  taken.sort((left, right) => left - right);
  return { median: round(taken[taken.length >> 1]), slowest: round(taken.at(-1)), pages: taken.length };
});
note("whileIndexed", { ...crawl.figures, ...crawl.result, rssMb: heapMb() });

await server.close();
child.disconnect();
mkdirSync(new URL("results/", import.meta.url), { recursive: true });
writeFileSync(new URL("results/lists.json", import.meta.url), `${JSON.stringify(figures, null, 2)}\n`);
