/**
 * What memory a server takes over a site of 20,000 spaces and 500,000 grants, against the bound that it was given: while the site is
 * read, while all of it is asked for, while its index is crawled, and while all of that goes on together when everything is stale.
 *
 *   npm run bench:memory
 *   npm run bench:memory -- --cache 256 --rounds 3
 *
 * Prints resident memory in MB after each part and at most, and what the server says of it. Ends with 1 where the process took more
 * than docs/operating.md says.
 */
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { ask } from "./reading/ask.mjs";
import { cpuMsOf, memoryOf, startOurs } from "./run/processes.mjs";
import { siteSizes } from "./worlds/sites.mjs";
import { startSite } from "./worlds/startSite.mjs";

const { values } = parseArgs({
  options: {
    cache: { type: "string", default: "256" },
    rounds: { type: "string", default: "3" },
    spaces: { type: "string", default: String(siteSizes.large.spaces) },
  },
});
const cacheMb = Number(values.cache);
const answersMb = 32;
/** As docs/operating.md has it. */
const promisedMb = 350 + 1.5 * (cacheMb + answersMb);

const count = "{ grants(first: 1, filter: { entitlements: [SPACE_PERMISSION] }) { totalCount } }";
const page = `query ($after: String) { grants(first: 1000, after: $after, filter: { entitlements: [SPACE_PERMISSION] }) {
  nodes { id principal { __typename ... on Account { id displayName } ... on Group { id name } }
  permissions { operation target } resource { __typename ... on Space { id key name } } } pageInfo { endCursor hasNextPage } } }`;
const begin = "{ spaces(first: 1) { nodes { effectiveAccess(first: 1) { totalCount } } } }";
const progress = "{ sites { index { state } } }";
const spaces = `query ($after: String) { spaces(first: 200, after: $after) {
  nodes { id grants(first: 50) { nodes { id principal { __typename } } } } pageInfo { endCursor hasNextPage } } }`;

const site = await startSite({ ...siteSizes.large, spaces: Number(values.spaces) });
const server = await startOurs(site, {
  ...{ CACHE_MAX_MB: String(cacheMb), ANSWER_CACHE_MB: String(answersMb), CONFLUENCE_CONCURRENCY: "64" },
  ...{ REQUEST_TIME_LIMIT_SECONDS: "900", CACHE_TTL_GRANTS: "45", CACHE_TTL_SPACES: "45", CACHE_TTL_MEMBERSHIPS: "45" },
});
let mostMb = 0;
const sampler = setInterval(() => {
  mostMb = Math.max(mostMb, memoryOf(server.pid).nowMb);
}, 100);

async function tell(name, work) {
  mostMb = 0;
  const began = performance.now();
  const workedMs = cpuMsOf(server.pid);
  await work();
  const metrics = await (await fetch(new URL("/metrics", server.url))).text();
  const told = (metric) => Math.round(Number(new RegExp(`^${metric} (\\S+)$`, "m").exec(metrics)?.[1]) / 1_048_576);
  const figures = {
    seconds: Math.round((performance.now() - began) / 1_000),
    cpuSeconds: Math.round((cpuMsOf(server.pid) - workedMs) / 100) / 10,
    ...{ nowMb: memoryOf(server.pid).nowMb, mostMb },
    ...{ heapUsed: told("nodejs_heap_size_used_bytes"), heapTotal: told("nodejs_heap_size_total_bytes") },
    ...{ external: told("nodejs_external_memory_bytes") },
    ...Object.fromEntries(
      ["cache", "index", "lists"].map((part) => [part, told(`access_graph_memory_bytes\\{part="${part}"\\}`)]),
    ),
    ...Object.fromEntries(["answers", "documents", "record"].map((part) => [part, told(`access_graph_${part}_bytes`)])),
  };
  process.stdout.write(`${name}: ${JSON.stringify(figures)}\n`);
}

async function readThrough(query, field) {
  let after = null;
  do {
    const { data } = await ask(server.url, query, { after });
    const { endCursor, hasNextPage } = data[field].pageInfo;
    after = hasNextPage ? endCursor : null;
  } while (after !== null);
}

async function crawl() {
  await ask(server.url, begin).catch(() => undefined);
  while ((await ask(server.url, progress)).data.sites[0].index.state !== "READY") await pause(200);
}

try {
  await tell("idle", () => pause(1_000));
  await tell("first reading", () => ask(server.url, count));
  await tell("all pages", () => readThrough(page, "grants"));
  await tell("index", crawl);
  await tell("spaces", () => readThrough(spaces, "spaces"));
  for (let round = 1; round <= Number(values.rounds); round += 1)
    await tell(`all together, ${round}`, () =>
      Promise.all([readThrough(page, "grants"), readThrough(spaces, "spaces"), crawl()]),
    );
  const { peakMb } = memoryOf(server.pid);
  process.stdout.write(`at most ${peakMb} MB; promised ${promisedMb} MB for CACHE_MAX_MB=${cacheMb}\n`);
  process.exitCode = peakMb <= promisedMb ? 0 : 1;
} finally {
  clearInterval(sampler);
  await server.stop();
  await site.stop();
}
