/**
 * A thousand different questions, some at once, while the first crawl of a site of 3,000 spaces runs that allows fifty calls
 * a second: whether each answer is right, or says what it does not know; whether the limit was kept; and what the crawl adds to
 * the time of a small question that is not remembered, beside the same others (those aside that are answered from the index).
 */
import { cpus, loadavg } from "node:os";
import { performance } from "node:perf_hooks";
import { parseWorld, startSandbox } from "confluence-access-graph-sandbox";
import { compose } from "../../dist/compose/compose.js";
import { systemClock } from "../../dist/compose/systemClock.js";
import { readConfig } from "../../dist/config/readConfig.js";
import { encodeGlobalId } from "../../dist/graph/schema/GlobalId.js";
import { createLogger } from "../../dist/observability/Logger.js";
import { cloudWorld, size } from "../worlds/crawledSite.mjs";

const terms = { questions: 1_000, spaces: 3_000, ratePerSecond: 50, latencyMs: 30, callsSlower: 3, refusedShare: 0.01 };

const completeness = "completeness { isComplete }";
const queries = {
  grants: `query ($space: ID!) { space(id: $space) { grants(first: 100) { totalCount ${completeness}
    nodes { permissions { operation target } principal { ... on Account { accountId } ... on Group { groupId } } } } } }`,
  check: `query ($input: CheckAccessInput!) { checkAccess(input: $input) { decision ${completeness} } }`,
  whoCan: `query ($space: ID!) { space(id: $space) { effectiveAccess(first: 1000, wait: 0,
    filter: { permissions: [{ operation: "create", target: "page" }] }) {
    ${completeness} edges { decision node { accountId } } } } }`,
  groups: `query ($account: ID!) { account(id: $account) { groups(first: 200) { ${completeness} nodes { groupId } } } }`,
};

/** What is true of the world, told without any of the rules' code: rows, and who is in which group. */
function truthOf({ cloud: { groups, spaces } }) {
  const groupsOf = new Map();
  for (const { id, members } of groups)
    for (const member of members) groupsOf.set(member, (groupsOf.get(member) ?? new Set()).add(id));
  const rowsOf = new Map(spaces.map(({ id, permissions }) => [id, permissions]));
  const holds = (account, space, wanted) =>
    rowsOf.get(space).some(({ principal, operation }) => {
      const isHolder =
        principal.type === "user" ? principal.id === account : groupsOf.get(account)?.has(principal.id) === true;
      return isHolder && `${operation.key}/${operation.targetType}` === wanted;
    });
  const can = (account, space, wanted) => holds(account, space, wanted) && holds(account, space, "read/space");
  return { groupsOf, rowsOf, can };
}

const median = (values) => [...values].sort((left, right) => left - right)[values.length >> 1];
const round = (value) => Math.round(value * 10) / 10;

async function startOver(world) {
  const { ratePerSecond, latencyMs } = terms;
  const sandbox = await startSandbox({ world: parseWorld(world), ratePerSecond, latencyMs });
  const config = readConfig({
    CONFLUENCE_URL: sandbox.url,
    CONFLUENCE_DEPLOYMENT: "cloud",
    CONFLUENCE_EMAIL: sandbox.credential.email,
    CONFLUENCE_API_TOKEN: sandbox.credential.apiToken,
    PORT: "0",
  });
  const logger = createLogger({ level: "silent", destination: { write: () => undefined } });
  const server = await compose({ config, sites: config.sites, logger, clock: systemClock });
  const [{ siteId }] = config.sites;
  async function ask(query, variables = {}) {
    const response = await fetch(server.graphqlUrl, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ query, variables }),
    });
    return response.json();
  }
  return {
    ask,
    sandbox,
    space: (id) => encodeGlobalId({ type: "Space", siteId, spaceId: id }),
    account: (id) => encodeGlobalId({ type: "Account", siteId, accountId: id }),
    close: async () => {
      await server.close();
      await sandbox.close();
    },
  };
}

/** Sets of words as one, to be compared. */
const wordsOf = (words) => [...words].sort().join("\n");

/** The question of a number, with what tells whether its answer is right: `true`, `false`, or `null` for what it says it does not know. */
function questionOf(at, world, truth, { space, account }) {
  const { accounts, spaces } = world.cloud;
  // Each kind asks about other spaces each time, and the small ones about none that a check has read.
  const spaceId = spaces[(6 * (2 * Math.floor(at / 4) + (at % 2))) % spaces.length].id;
  const { accountId } = accounts[(at * 37) % accounts.length];
  switch (["grants", "check", "whoCan", "groups"][at % 4]) {
    case "grants": {
      const told = ({ principal, operation }) => `${principal.id} ${operation.key}/${operation.targetType}`;
      const rows = wordsOf(truth.rowsOf.get(spaceId).map(told));
      return {
        kind: "grants",
        variables: { space: space(spaceId) },
        judge({ data }) {
          const { nodes, completeness: trust } = data.space.grants;
          const found = (nodes ?? []).flatMap(({ principal, permissions }) =>
            permissions.map(
              ({ operation, target }) => `${principal.accountId ?? principal.groupId} ${operation}/${target}`,
            ),
          );
          return trust.isComplete ? wordsOf(found) === rows : null;
        },
      };
    }
    case "check":
      return {
        kind: "check",
        variables: {
          input: {
            account: account(accountId),
            space: space(spaceId),
            permission: { operation: "create", target: "page" },
          },
        },
        judge({ data }) {
          const { decision, completeness: trust } = data.checkAccess;
          if (decision === "UNKNOWN") return trust.isComplete ? false : null;
          return (decision === "ALLOWED") === truth.can(accountId, spaceId, "create/page");
        },
      };
    case "whoCan":
      return {
        kind: "whoCan",
        variables: { space: space(spaceId) },
        judge({ data }) {
          const access = data.space.effectiveAccess;
          const allowed = (access.edges ?? []).filter(({ decision }) => decision === "ALLOWED");
          const ids = allowed.map(({ node }) => node.accountId);
          if (!ids.every((id) => truth.can(id, spaceId, "create/page"))) return false;
          if (!access.completeness.isComplete) return null;
          const all = accounts.filter((each) => truth.can(each.accountId, spaceId, "create/page"));
          return wordsOf(ids) === wordsOf(all.map((each) => each.accountId));
        },
      };
    default:
      return {
        kind: "groups",
        variables: { account: account(accountId) },
        judge({ data }) {
          const { nodes, completeness: trust } = data.account.groups;
          const found = wordsOf((nodes ?? []).map(({ groupId }) => groupId));
          return trust.isComplete ? found === wordsOf(truth.groupsOf.get(accountId) ?? []) : null;
        },
      };
  }
}

/** Asks the questions, some at once: how long the small ones took, how all were answered, and how many beside the crawl. */
async function askAll(stack, world, truth, { askers, isAsked, isBesideCrawl }) {
  const smallMs = [];
  const counts = { right: 0, incomplete: 0, wrong: 0 };
  const wrong = [];
  let asked = 0;
  let whileCrawled = 0;
  let isCrawling = isBesideCrawl;
  let next = 0;
  async function askOn() {
    while (next < terms.questions) {
      const at = next;
      next += 1;
      const question = questionOf(at, world, truth, stack);
      if (!isAsked(question)) continue;
      const began = performance.now();
      const answer = await stack.ask(queries[question.kind], question.variables);
      const took = performance.now() - began;
      // Beside a crawl, those that it ran beside.
      if (question.kind === "grants" && (isCrawling || !isBesideCrawl)) smallMs.push(took);
      const verdict = answer.data == null ? false : question.judge(answer);
      counts[verdict === null ? "incomplete" : verdict ? "right" : "wrong"] += 1;
      if (verdict === false) wrong.push({ at, answer: JSON.stringify(answer).slice(0, 500) });
      asked += 1;
      if (isBesideCrawl && at % 5 === 0) isCrawling = (await stateOf(stack)) === "CRAWLING";
      if (isCrawling) whileCrawled = asked;
    }
  }
  await Promise.all(Array.from({ length: askers }, askOn));
  return { smallMs, counts, wrong, whileCrawled };
}

async function stateOf({ ask }) {
  const { data } = await ask("{ sites { index { state } } }");
  return data.sites[0].index.state;
}

function callsOf({ sandbox }) {
  const journal = sandbox.journal();
  const refused = journal.filter(({ status }) => status === 429).length;
  const seconds = new Map();
  for (const { at, status } of journal) {
    const second = Math.floor(Date.parse(at) / 1_000);
    if (status !== 429) seconds.set(second, (seconds.get(second) ?? 0) + 1);
  }
  return { calls: journal.length, refused, mostInASecond: Math.max(...seconds.values()) };
}

/** `askers`: how many ask at once. One leaves most of the fifty calls to the crawl; three take all of them by themselves. */
export async function measureBusyCrawl(askers) {
  const world = cloudWorld({ model: "PRE_ROLES", spaces: terms.spaces });
  const truth = truthOf(world);

  const quiet = await startOver(world);
  const alone = await askAll(quiet, world, truth, {
    askers,
    isAsked: ({ kind }) => kind !== "whoCan",
    isBesideCrawl: false,
  });
  const callMs = await oneCallMs(quiet);
  await quiet.close();

  const busy = await startOver(world);
  const loadAtStart = round(loadavg()[0]);
  const began = performance.now();
  await busy.ask(queries.whoCan, { space: busy.space(world.cloud.spaces[0].id) });
  const asked = await askAll(busy, world, truth, { askers, isAsked: () => true, isBesideCrawl: true });
  const askedMs = performance.now() - began;
  const stateAfter = await stateOf(busy);
  const calls = callsOf(busy);
  await busy.close();

  if (asked.smallMs.length === 0) throw new Error("the crawl was over before anything was asked");
  const small = { alone: round(median(alone.smallMs)), whileCrawled: round(median(asked.smallMs)) };
  const slower = round((small.whileCrawled - small.alone) / callMs);
  const isKept =
    asked.counts.wrong + alone.counts.wrong === 0 &&
    calls.refused <= calls.calls * terms.refusedShare &&
    slower <= terms.callsSlower;
  return {
    isKept,
    machine: { cpus: cpus().length, model: cpus()[0]?.model ?? "", node: process.version, loadAtStart },
    size: { ...size, spaces: terms.spaces, grants: (size.grants / size.spaces) * terms.spaces },
    terms: { ...terms, askers },
    answers: { ...asked.counts, askedWhileCrawled: asked.whileCrawled, wrongOnes: asked.wrong.slice(0, 5) },
    ...{ askedMs: Math.round(askedMs), stateAfter, site: calls },
    smallQuestionMs: { ...small, oneCall: round(callMs), slowerByCalls: slower },
  };
}

/** The median of one call to the site, as anybody makes it. */
async function oneCallMs({ sandbox }) {
  const { email, apiToken } = sandbox.credential;
  const authorization = `Basic ${Buffer.from(`${email}:${apiToken}`).toString("base64")}`;
  const taken = [];
  for (let at = 0; at < 40; at += 1) {
    const began = performance.now();
    const answer = await fetch(`${sandbox.url}/wiki/api/v2/spaces/${1_000 + at}/permissions?limit=250`, {
      headers: { authorization },
    });
    await answer.text();
    taken.push(performance.now() - began);
  }
  return median(taken);
}
