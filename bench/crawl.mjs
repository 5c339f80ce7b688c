/**
 * What one crawl takes: builds a site in the sandbox, crawls it as the server does, and compares the calls with the pages that
 * the site's lists have, worked out from its size alone.
 *
 *   npm run bench:crawl
 *   npm run bench:crawl -- --busy [--askers 6]
 *
 * Prints its figures, writes them to bench/results/crawl.json, and ends with 1 where a crawl took another number of calls. With
 * `--busy`: what people's questions are answered while a site that allows fifty calls a second is crawled, to
 * bench/results/crawlBusy.json, and 1 where an answer was wrong, the limit not kept or a small question held up.
 */
import "./run/asServed.mjs";
import { mkdirSync, writeFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { parseWorld, startSandbox } from "confluence-access-graph-sandbox";
import { TtlCache } from "../dist/cache/TtlCache.js";
import { composeSite } from "../dist/compose/composeSite.js";
import { Organizations } from "../dist/compose/Organizations.js";
import { systemClock } from "../dist/compose/systemClock.js";
import { readConfig } from "../dist/config/readConfig.js";
import { ChangeEvents } from "../dist/loaders/engine/ChangeEvents.js";
import { createLogger } from "../dist/observability/Logger.js";
import { LocalLocks } from "../dist/record/Locks.js";
import { MemoryRecord } from "../dist/record/MemoryRecord.js";
import { measureBusyCrawl } from "./crawl/busy.mjs";
import { cloudWorld, dataCenterWorld, size, sizes } from "./worlds/crawledSite.mjs";

const pages = (rows, aPage) => Math.max(1, Math.ceil(rows / aPage));
const memberPages = sizes.reduce((sum, each) => sum + pages(each, 200), 0);
const cloudCalls = {
  // All groups, those of administrators, their members, and the spaces of three statuses.
  lists: pages(size.groups, 200) + 1 + memberPages + pages(size.spaces, 250) + 2,
  grants: size.spaces * pages(size.grants / size.spaces, 250),
  permissionModel: 1,
  // Search names no next page: an empty one ends it.
  userSearch: pages(size.accounts, 200) + 1,
  accounts: pages(size.accounts, 250),
};
const runs = {
  "cloud, PRE_ROLES": { world: () => cloudWorld({ model: "PRE_ROLES" }), calls: cloudCalls },
  "cloud, ROLES": {
    world: () => cloudWorld({ model: "ROLES" }),
    calls: { ...cloudCalls, roleAssignments: size.spaces, roleDefinitions: 1 },
  },
  "cloud, PRE_ROLES, organization": {
    world: () => cloudWorld({ model: "PRE_ROLES", isOrganization: true }),
    isOrganization: true,
    calls: {
      ...cloudCalls,
      cloudId: 1,
      organizationUsers: pages(size.accounts, 100),
      // Two searches find whom it suspended, and the groups of each are a page and an empty one.
      suspended: 2 + 2 * size.suspended,
    },
  },
  "data center": {
    world: dataCenterWorld,
    calls: {
      lists: pages(size.groups, 1_000) + memberPages + pages(size.spaces, 200) + 1,
      childGroups: size.groups,
      grants: size.spaces,
      globalPermissions: 2,
      users: pages(size.accounts, 200),
    },
  },
};

async function crawl({ world, isOrganization = false }) {
  const sandbox = await startSandbox({ world: parseWorld(world()) });
  const { credentials, dataCenter, url } = sandbox;
  const config = readConfig(
    dataCenter === null
      ? {
          CONFLUENCE_URL: url,
          CONFLUENCE_DEPLOYMENT: "cloud",
          CONFLUENCE_EMAIL: credentials.basic.email,
          CONFLUENCE_API_TOKEN: credentials.basic.apiToken,
          ATLASSIAN_API_URL: url,
          ...(isOrganization
            ? {
                ATLASSIAN_ORG_ID: credentials.organization.orgId,
                ATLASSIAN_ORG_API_KEY: credentials.organization.apiKey,
              }
            : {}),
        }
      : {
          CONFLUENCE_URL: dataCenter.url,
          CONFLUENCE_DEPLOYMENT: "datacenter",
          CONFLUENCE_PERSONAL_ACCESS_TOKEN: dataCenter.credentials.personalAccessToken,
        },
  );
  const logger = createLogger({ level: "silent", destination: { write: () => undefined } });
  const clock = systemClock;
  const { store, index } = composeSite({
    config: config.sites[0],
    organizations: new Organizations({ clock, random: Math.random, logger }),
    record: new MemoryRecord(clock),
    locks: new LocalLocks(),
    cache: new TtlCache({ maxBytes: 50_000_000, maxEntries: 100_000, clock }),
    lifetimes: config.cache.ttlMs,
    indexConfig: config.index,
    changes: new ChangeEvents(),
    clock,
    logger,
  });
  // Who we are is asked by the clock, not by the crawl.
  const calls = () => sandbox.journal().filter(({ path }) => !path.split("?")[0].endsWith("/user/current")).length;
  const began = performance.now();
  await index.whenReady(600_000);
  const ms = Math.round(performance.now() - began);
  const first = calls();
  await index.whenReady(600_000);
  const { state, gaps, bytes } = index.status;
  const figures = { state, calls: first, askedAgain: calls() - first, gaps: gaps.length, ms, indexBytes: bytes };
  index.close();
  await store.site.close();
  await sandbox.close();
  return figures;
}

const { values } = parseArgs({
  options: { busy: { type: "boolean", default: false }, askers: { type: "string", default: "1" } },
});
mkdirSync("bench/results", { recursive: true });
process.exitCode = (await (values.busy ? askMeanwhile() : crawlAll())) ? 0 : 1;

async function askMeanwhile() {
  const { isKept, ...figures } = await measureBusyCrawl(Number(values.askers));
  process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
  writeFileSync("bench/results/crawlBusy.json", `${JSON.stringify(figures, null, 2)}\n`);
  return isKept;
}

async function crawlAll() {
  const results = {};
  let isAsExpected = true;
  for (const [name, run] of Object.entries(runs)) {
    const expected = Object.values(run.calls).reduce((sum, each) => sum + each, 0);
    const figures = await crawl(run);
    results[name] = { expected, ...figures, of: run.calls };
    if (figures.calls !== expected || figures.askedAgain !== 0 || figures.state !== "READY") isAsExpected = false;
    process.stdout.write(
      `${name}: ${figures.calls} calls, ${expected} expected; asked again ${figures.askedAgain}; ${figures.ms} ms, ${figures.gaps} gaps\n`,
    );
  }
  writeFileSync("bench/results/crawl.json", `${JSON.stringify({ size, results }, null, 2)}\n`);
  return isAsExpected;
}
