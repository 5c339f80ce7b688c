/**
 * How fast questions about a whole site are answered over HTTP, one at a time:
 *
 * - `crawled`: a site of 12,000 memberships and 20,000 grants, whose index the server crawls first;
 * - `full`: 100,000 accounts, 2,000,000 memberships, 20,000 spaces, 2,000,000 holdings. Crawling that is some 60,000 calls, so the
 *   index is filled in process, part by part as a crawl does, and put in the crawl's place; all else is the server as it is. Confluence
 *   is a sandbox that holds the accounts and spaces that are asked about, with all that they hold.
 *
 *   npm run bench:http
 *   npm run bench:http -- full
 *
 * Prints its figures, in milliseconds, and writes them to bench/results/http.json.
 */
import "./run/asServed.mjs";
import { writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { parseWorld, startSandbox } from "confluence-access-graph-sandbox";
import { AccessIndex } from "../dist/access/index/AccessIndex.js";
import { cloudAccessRules } from "../dist/access/SiteFacts.js";
import { compose } from "../dist/compose/compose.js";
import { systemClock } from "../dist/compose/systemClock.js";
import { readConfig } from "../dist/config/readConfig.js";
import { SiteIndex } from "../dist/crawl/SiteIndex.js";
import { encodeGlobalId } from "../dist/graph/schema/GlobalId.js";
import { createLogger } from "../dist/observability/Logger.js";
import { accountId, fill, randomFrom, roles, sizeOf, spaceId } from "./worlds/largeSite.mjs";

const size = { accounts: 3_000, groups: 200, membersOfGroup: 60, spaces: 500, grantsOfSpace: 40 };

const person = (number) => `712020:human-${String(number).padStart(5, "0")}`;
const times = (count, make) => Array.from({ length: count }, (_, at) => make(at));

function makeWorld() {
  const operations = ["read/space", "create/page", "update/page", "create/comment", "administer/space"];
  const row = (type, id, operation) => {
    const [key, targetType] = operation.split("/");
    return { principal: { type, id }, operation: { key, targetType } };
  };
  return {
    cloud: {
      cloudId: "11111111-2222-3333-4444-555555555555",
      mode: "PRE_ROLES",
      accounts: times(size.accounts, (at) => ({
        accountId: person(at),
        accountType: "atlassian",
        accountStatus: at % 40 === 0 ? "inactive" : "active",
        displayName: `Human ${at}`,
        email: null,
      })),
      groups: times(size.groups, (group) => ({
        id: `group-${group}`,
        name: `Group ${group}`,
        members: times(size.membersOfGroup, (at) => person((group * 37 + at * 13) % size.accounts)),
      })),
      spaces: times(size.spaces, (space) => ({
        ...{ id: String(1_000 + space), key: `S${space}`, name: `Space ${space}`, type: "global", status: "current" },
        ...{ authorId: person(0), createdAt: "2026-01-01T00:00:00.000Z", roleAssignments: [] },
        permissions: times(size.grantsOfSpace, (at) => {
          const operation = operations[at % operations.length];
          const holder = Math.floor(at / operations.length);
          return holder < 5
            ? row("group", `group-${(space * 7 + holder * 11) % size.groups}`, operation)
            : row("user", person((space * 17 + holder * 101) % size.accounts), operation);
        }),
      })),
      roles: [],
    },
  };
}

const sampled = { accounts: 300, spaces: 300 };

/** A site of full size as an index, and of it as a world for the sandbox what is asked about. */
function makeFullSite() {
  const fullSize = sizeOf(1);
  const random = randomFrom(1);
  const index = new AccessIndex({ rules: cloudAccessRules, hasNestedGroups: false, areFactsApart: true });
  const { counts } = fill(index, { size: fullSize, random });
  for (const _ of index.compacting());
  const some = (count, of, idOf) => [...new Set(times(count, () => idOf(1 + Math.floor(random() * of))))];
  const accounts = some(sampled.accounts, fullSize.accounts, accountId);
  const spaces = some(sampled.spaces, fullSize.spaces, spaceId);
  const members = new Map();
  for (const account of accounts)
    for (const group of index.inventory.groupsOf(account)) members.set(group, [...(members.get(group) ?? []), account]);
  const types = { account: ["user", "USER"], group: ["group", "GROUP"], accessClass: ["access-class", "ACCESS_CLASS"] };
  const idOf = (principal) => principal.accountId ?? principal.groupId ?? principal.classId;
  const world = {
    cloud: {
      cloudId: "11111111-2222-3333-4444-555555555555",
      mode: "ROLES_TRANSITION",
      accounts: accounts.map((id) => ({
        ...{ accountId: id, accountType: "atlassian", accountStatus: "active" },
        ...{ displayName: `Person ${id.slice(-6)}`, email: null },
      })),
      groups: [...members].map(([id, of]) => ({ id, name: `Group ${id}`, members: of })),
      spaces: spaces.map((id) => {
        const { items } = index.grantsOf(id);
        // Confluence assigns a principal one role in a space.
        const held = new Map(items.flatMap((each) => (each.kind === "role" ? [[idOf(each.principal), each]] : [])));
        return {
          ...{ id, key: `S${id}`, name: `Space ${id}`, type: "global", status: "current" },
          ...{ authorId: accounts[0], createdAt: "2026-01-01T00:00:00.000Z" },
          permissions: items.flatMap(({ kind, permissionId, principal, operation }) =>
            kind === "role"
              ? []
              : [
                  {
                    id: permissionId,
                    principal: { type: types[principal.kind][0], id: idOf(principal) },
                    operation: { key: operation.key, targetType: operation.target },
                  },
                ],
          ),
          roleAssignments: [...held.values()].map(({ principal, roleId }) => ({
            principal: { principalType: types[principal.kind][1], principalId: idOf(principal) },
            roleId,
          })),
        };
      }),
      roles: roles.map(({ roleId, name, permissions }) => ({
        ...{ id: roleId, type: "SYSTEM", name, description: "" },
        spacePermissions: permissions.map(({ key, target }) => `${key}/${target}`),
      })),
    },
  };
  return { index, world, accounts, spaces, size: { ...fullSize, ...counts } };
}

/** Puts an index in the place of the one that would be crawled. */
function serveIndex(index) {
  const status = {
    ...{
      state: "READY",
      progress: { done: 0, total: null },
      estimateMs: null,
      asOfMs: index.asOfMs,
      bytes: index.bytes,
    },
    ...{ ttlMs: 3_600_000, wantedTtlMs: 3_600_000, quotaShare: 0.25, gaps: [] },
  };
  SiteIndex.prototype.current = () => index;
  SiteIndex.prototype.whenReady = async () => index;
  Object.defineProperty(SiteIndex.prototype, "status", { get: () => status });
}

const whoCan = `query ($id: ID!) { space(id: $id) { effectiveAccess(first: 25, wait: 30) { totalCount
  edges { decision isDirect pathCount node { accountId } } } } }`;
const whatCan = `query ($id: ID!) { account(id: $id) { effectiveAccess(first: 25) { totalCount
  edges { decision isDirect pathCount node { spaceId } } } } }`;
const checks = "query ($inputs: [CheckAccessInput!]!) { checkAccesses(inputs: $inputs) { decision reason } }";

/** The server over a sandbox of a world, asked about some accounts and spaces. */
async function measureServer({ world, accounts, spaces }) {
  const sandbox = await startSandbox({ world: parseWorld(world) });
  const config = readConfig({
    CONFLUENCE_URL: sandbox.url,
    CONFLUENCE_DEPLOYMENT: "cloud",
    CONFLUENCE_EMAIL: sandbox.credential.email,
    CONFLUENCE_API_TOKEN: sandbox.credential.apiToken,
    PORT: "0",
  });
  const logger = createLogger({ level: "error", destination: process.stderr });
  const server = await compose({ config, sites: config.sites, logger, clock: systemClock });
  const [{ siteId }] = config.sites;
  async function ask(query, variables) {
    const response = await fetch(server.graphqlUrl, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = await response.json();
    if (errors !== undefined) throw new Error(JSON.stringify(errors[0]));
    return data;
  }
  const spaceNamed = (at) => encodeGlobalId({ type: "Space", siteId, spaceId: spaces[at % spaces.length] });
  const accountNamed = (at) => encodeGlobalId({ type: "Account", siteId, accountId: accounts[at % accounts.length] });
  const fiveHundred = {
    inputs: times(500, (number) => ({
      account: accountNamed(Math.floor(number / 20)),
      space: spaceNamed(number % 20),
      permission: { operation: "create", target: "page" },
    })),
  };
  const began = performance.now();
  const { space } = await ask(whoCan, { id: spaceNamed(0) });
  const firstAnswerMs = Math.round(performance.now() - began);
  const milliseconds = {
    whoCan: await measure(300, (at) => ask(whoCan, { id: spaceNamed(at) })),
    whatCan: await measure(300, (at) => ask(whatCan, { id: accountNamed(at) })),
    checkAccesses500: await measure(40, () => ask(checks, fiveHundred)),
  };
  await server.close();
  await sandbox.close();
  return {
    firstAnswerMs,
    whoCanInFirst: space.effectiveAccess.totalCount,
    milliseconds,
    rssMb: Math.round(process.memoryUsage().rss / 1_048_576),
  };
}

/**
 * Median and 95th percentile of one question at a time, each asked once before, so that what nodes need is at hand; and the
 * processor's time a question, of server and asker together, which other work on the machine does not stretch.
 */
async function measure(rounds, askOnce) {
  for (let at = 0; at < rounds; at += 1) await askOnce(at);
  const taken = [];
  const before = process.cpuUsage();
  for (let at = 0; at < rounds; at += 1) {
    const began = performance.now();
    await askOnce(at);
    taken.push(performance.now() - began);
  }
  const { user, system } = process.cpuUsage(before);
  taken.sort((left, right) => left - right);
  const round = (value) => Math.round(value * 100) / 100;
  return {
    median: round(taken[rounds >> 1]),
    p95: round(taken[Math.floor(rounds * 0.95)]),
    cpu: round((user + system) / 1_000 / rounds),
  };
}

const { positionals: parts } = parseArgs({ allowPositionals: true });
const machine = {
  ...{ cpus: cpus().length, model: cpus()[0]?.model ?? "", node: process.version },
  loadAtStart: Math.round(loadavg()[0] * 10) / 10,
};
const isAskedFor = (part) => parts.length === 0 || parts.includes(part);
const crawled = isAskedFor("crawled")
  ? {
      size,
      ...(await measureServer({
        world: makeWorld(),
        accounts: times(300, (at) => person((at * 31) % size.accounts)),
        spaces: times(300, (at) => String(1_000 + at)),
      })),
    }
  : undefined;
let full;
if (isAskedFor("full")) {
  const { index, size: fullSize, ...asked } = makeFullSite();
  serveIndex(index);
  full = { size: fullSize, indexMb: Math.round(index.bytes / 1_048_576), ...(await measureServer(asked)) };
}
const figures = { machine, crawled, full };
writeFileSync(new URL("results/http.json", import.meta.url), `${JSON.stringify(figures, null, 2)}\n`);
process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
