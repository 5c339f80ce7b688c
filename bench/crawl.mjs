/**
 * What one crawl takes: builds a site in the sandbox, crawls it as the server does, and compares the calls with the pages that
 * the site's lists have, worked out from its size alone.
 *
 *   npm run bench:crawl
 *
 * Prints its figures, writes them to bench/results/crawl.json, and ends with 1 where a crawl took another number of calls.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { TtlCache } from "../dist/cache/TtlCache.js";
import { composeSite } from "../dist/compose/composeSite.js";
import { Organizations } from "../dist/compose/Organizations.js";
import { systemClock } from "../dist/compose/systemClock.js";
import { readConfig } from "../dist/config/readConfig.js";
import { ChangeEvents } from "../dist/loaders/engine/ChangeEvents.js";
import { createLogger } from "../dist/observability/Logger.js";
import { LocalLocks } from "../dist/record/Locks.js";
import { MemoryRecord } from "../dist/record/MemoryRecord.js";
import { startSandbox } from "../dist/sandbox/startSandbox.js";
import { parseWorld } from "../dist/sandbox/world/loadWorld.js";

const size = { accounts: 1_200, groups: 200, memberships: 12_000, spaces: 500, grants: 20_000, suspended: 7 };
const operations = ["read/space", "create/page", "create/comment", "delete/page"];

/** How many members each group has: one of everybody, some of several pages, the rest alike. */
const sizes = Array.from({ length: size.groups }, (_, group) => (group === 0 ? size.accounts : group < 20 ? 290 : 0));
const left = size.memberships - sizes.reduce((sum, each) => sum + each, 0);
for (let group = 20; group < size.groups; group += 1)
  sizes[group] = Math.floor(left / (size.groups - 20)) + (group - 20 < left % (size.groups - 20) ? 1 : 0);
const memberOf = (group, place) => (group * 31 + place) % size.accounts;

function cloudWorld(mode) {
  const isSuspended = (number) => number < size.suspended;
  const accounts = Array.from({ length: size.accounts }, (_, number) => ({
    accountId: `712020:${String(number).padStart(8, "0")}`,
    accountType: "atlassian",
    accountStatus: "active",
    displayName: `Person ${number}`,
    email: `person-${number}@example.com`,
    ...(mode.isOrganization && isSuspended(number) ? { orgStatus: "suspended" } : {}),
  }));
  const id = (number) => accounts[number % size.accounts].accountId;
  const perSpace = size.grants / size.spaces;
  const row = (space, at) => {
    const [key, targetType] = operations[at % operations.length].split("/");
    const holder = Math.floor(at / operations.length);
    const principal =
      holder % 2 === 0
        ? { type: "user", id: id(space * 7 + holder) }
        : { type: "group", id: `g-${(space + holder) % size.groups}` };
    return { principal, operation: { key, targetType } };
  };
  return {
    cloud: {
      cloudId: "11111111-2222-3333-4444-555555555555",
      mode: mode.model,
      accounts,
      groups: sizes.map((count, group) => ({
        id: `g-${group}`,
        name: `Group ${group}`,
        members: Array.from({ length: count }, (_, place) => id(memberOf(group, place))),
      })),
      roles: [{ id: "role-1", type: "SYSTEM", name: "Viewer", description: "", spacePermissions: ["read/space"] }],
      spaces: Array.from({ length: size.spaces }, (_, space) => ({
        id: String(1_000 + space),
        key: `S${space}`,
        name: `Space ${space}`,
        type: "global",
        status: "current",
        authorId: id(0),
        createdAt: "2026-01-01T00:00:00.000Z",
        permissions: Array.from({ length: perSpace }, (_, at) => row(space, at)),
        roleAssignments: [],
      })),
    },
  };
}

function dataCenterWorld() {
  const key = (number) => String(number % size.accounts).padStart(32, "0");
  const group = (number) => `group-${number % size.groups}`;
  const perSpace = size.grants / size.spaces;
  const row = (space, at) => {
    const [operationKey, targetType] = operations[at % operations.length].split("/");
    const holder = Math.floor(at / operations.length);
    const subject =
      holder % 2 === 0
        ? { type: "user", userKey: key(space * 7 + holder) }
        : { type: "group", name: group(space + holder) };
    return { subject, operation: { operationKey, targetType } };
  };
  return {
    dataCenter: {
      version: "10.2.0",
      contextPath: "/confluence",
      users: Array.from({ length: size.accounts }, (_, number) => ({
        userKey: key(number),
        username: `person-${number}`,
        displayName: `Person ${number}`,
        email: `person-${number}@example.com`,
        status: "current",
      })),
      groups: sizes.map((count, number) => ({
        name: group(number),
        members: Array.from({ length: count }, (_, place) => `person-${memberOf(number, place)}`),
      })),
      spaces: Array.from({ length: size.spaces }, (_, space) => ({
        id: 131_072 + space,
        key: `S${space}`,
        name: `Space ${space}`,
        type: "global",
        status: "current",
        permissions: Array.from({ length: perSpace }, (_, at) => row(space, at)),
      })),
      globalPermissions: [
        { subject: { type: "group", name: group(0) }, operation: { operationKey: "use", targetType: "application" } },
      ],
      administrators: [group(0)],
    },
  };
}

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
mkdirSync("bench/results", { recursive: true });
writeFileSync("bench/results/crawl.json", `${JSON.stringify({ size, results }, null, 2)}\n`);
process.exitCode = isAsExpected ? 0 : 1;
