/**
 * How fast questions about a whole site are answered over HTTP: a server over a sandbox of 12,000 memberships and 20,000 grants,
 * whose index is crawled first. What the index itself takes at a larger scale is for `npm run bench:index` to say: it adds to this.
 *
 *   npm run bench:http
 *
 * Prints its figures, in milliseconds, and writes them to bench/results/http.json.
 */
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { performance } from "node:perf_hooks";
import { compose } from "../dist/compose/compose.js";
import { systemClock } from "../dist/compose/systemClock.js";
import { readConfig } from "../dist/config/readConfig.js";
import { encodeGlobalId } from "../dist/graph/schema/GlobalId.js";
import { createLogger } from "../dist/observability/Logger.js";
import { startSandbox } from "../dist/sandbox/startSandbox.js";
import { parseWorld } from "../dist/sandbox/world/loadWorld.js";

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

const sandbox = await startSandbox({ world: parseWorld(makeWorld()) });
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

const spaceNamed = (at) => encodeGlobalId({ type: "Space", siteId, spaceId: String(1_000 + (at % size.spaces)) });
const accountNamed = (at) => encodeGlobalId({ type: "Account", siteId, accountId: person((at * 31) % size.accounts) });
const whoCan = `query ($id: ID!) { space(id: $id) { effectiveAccess(first: 25, wait: 30) { totalCount
  edges { decision isDirect pathCount node { accountId } } } } }`;
const whatCan = `query ($id: ID!) { account(id: $id) { effectiveAccess(first: 25) { totalCount
  edges { decision isDirect pathCount node { spaceId } } } } }`;
const checks = "query ($inputs: [CheckAccessInput!]!) { checkAccesses(inputs: $inputs) { decision reason } }";
const fiveHundred = (at) => ({
  inputs: times(500, (number) => ({
    account: accountNamed(at + Math.floor(number / 20)),
    space: spaceNamed(number % 20),
    permission: { operation: "create", target: "page" },
  })),
});

/** Median and 95th percentile of one question at a time, each asked once before, so that what nodes need is at hand. */
async function measure(rounds, askOnce) {
  for (let at = 0; at < rounds; at += 1) await askOnce(at);
  const taken = [];
  for (let at = 0; at < rounds; at += 1) {
    const began = performance.now();
    await askOnce(at);
    taken.push(performance.now() - began);
  }
  taken.sort((left, right) => left - right);
  const round = (value) => Math.round(value * 100) / 100;
  return { median: round(taken[rounds >> 1]), p95: round(taken[Math.floor(rounds * 0.95)]) };
}

const began = performance.now();
await ask(whoCan, { id: spaceNamed(0) });
const figures = {
  machine: { cpus: cpus().length, model: cpus()[0]?.model ?? "", node: process.version },
  size,
  crawlMs: Math.round(performance.now() - began),
  milliseconds: {
    whoCan: await measure(300, (at) => ask(whoCan, { id: spaceNamed(at) })),
    whatCan: await measure(300, (at) => ask(whatCan, { id: accountNamed(at) })),
    checkAccesses500: await measure(20, () => ask(checks, fiveHundred(0))),
  },
};
await server.close();
await sandbox.close();
writeFileSync(new URL("results/http.json", import.meta.url), `${JSON.stringify(figures, null, 2)}\n`);
process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
