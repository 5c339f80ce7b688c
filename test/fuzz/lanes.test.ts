import { readdirSync, readFileSync } from "node:fs";
import { buildClientSchema, getIntrospectionQuery, type IntrospectionQuery } from "graphql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compose } from "../../src/compose/compose.js";
import { startEmbeddedSandbox } from "../../src/compose/embeddedSandbox.js";
import { exampleQueries } from "../../src/compose/exampleQueries.js";
import { readConfig } from "../../src/config/readConfig.js";
import { createLogger } from "../../src/observability/Logger.js";
import type { RunningServer } from "../../src/server/startServer.js";
import { fillExamples } from "../support/fillExamples.js";
import { ShiftableClock } from "../support/ShiftableClock.js";
import { sendQuery } from "../support/sendQuery.js";
import { readVocabulary } from "./fuzzServer.js";
import { OperationMaker } from "./OperationMaker.js";

// FUZZ_OPERATIONS and FUZZ_SEED are set by `npm run fuzz`; the suite runs the short form.
const operations = Number(process.env.FUZZ_OPERATIONS ?? "40");
const seed = process.env.FUZZ_SEED ?? "1";

interface Asked {
  readonly query: string;
  readonly variables?: unknown;
  readonly operationName?: unknown;
  readonly extensions?: unknown;
}

/** What is asked of a site's budget, of the record and of the index's progress is another answer each time. */
const moving = /\b(upstreamBudget|index|findings|changes?|effectiveAccess|wait|compare\w*|preview\w*)\b|^mutation/;

/** A type that only Apollo takes: one that no client sends, though it says the same. */
const apollosOwn = "application/json; to=apollo";

let server: RunningServer;
let close: () => Promise<void>;

beforeAll(async () => {
  const clock = new ShiftableClock();
  clock.stop();
  // Answers that are given again as bytes have a test of their own.
  const config = readConfig({ PORT: "0", INDEX_WARM: "off", ANSWER_CACHE_MB: "0" });
  const sandbox = await startEmbeddedSandbox(config);
  const logger = createLogger({ level: "silent", destination: { write: () => undefined } });
  server = await compose({ config, sites: sandbox.sites, logger, clock });
  close = async () => {
    await server.close();
    await sandbox.close();
  };
});

afterAll(() => close());

async function send(asked: Asked, contentType: string, headers: Readonly<Record<string, string>> = {}) {
  const response = await fetch(server.graphqlUrl, {
    method: "POST",
    headers: { "content-type": contentType, "x-request-id": "r-1", ...headers },
    body: JSON.stringify(asked),
  });
  // Encoded, the length of the same in another order is another.
  const unlike = new Set(["date", ...(response.headers.has("content-encoding") ? ["content-length"] : [])]);
  const shown = Object.fromEntries([...response.headers].filter(([name]) => !unlike.has(name)));
  // An id of the log is new every time.
  const body = (await response.text()).replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "an id");
  return { status: response.status, headers: shown, body };
}

/** What stands for a while is read before, and asked both ways then; what moves by itself is no business of this test. */
async function expectSame(asked: Asked, headers: Readonly<Record<string, string>> = {}): Promise<void> {
  await send(asked, apollosOwn, headers);
  const ours = await send(asked, "application/json", headers);
  const apollos = await send(asked, apollosOwn, headers);
  expect({ asked, ...withoutRace(ours) }).toEqual({ asked, ...withoutRace(apollos) });
  // Another text that says the same: nobody has seen it before.
  const unseen = { ...asked, query: `${asked.query}\n` };
  const atFirstSight = await send(unseen, "application/json", headers);
  expect({ unseen, ...withoutRace(atFirstSight) }).toEqual({
    unseen,
    ...withoutRace(await send(unseen, apollosOwn, headers)),
  });
}

/**
 * The same with its errors in one order, since what takes long is done in pieces and tells them as they come; and of what fails below a
 * place that is null for it, that something did. Which of several fields took their list with them, and what else had failed by then,
 * is a matter of which was first, in both lanes (2 of 24,000 operations, 2026-11-30).
 */
function withoutRace<T extends { readonly body: string; readonly headers: object }>(answered: T): T {
  const told = JSON.parse(answered.body) as { errors?: { path?: (string | number)[] }[]; data?: unknown };
  if (told.errors === undefined) return answered;
  const errors = told.errors.map(({ path = [], ...error }) => {
    const place = nullAbove(told.data, path);
    return JSON.stringify(place === null ? { ...error, path } : { nullAt: place });
  });
  const body = JSON.stringify({ ...told, errors: [...new Set(errors)].sort() });
  return { ...answered, body, headers: { ...answered.headers, "content-length": undefined } };
}

/** The place above a path that is null; `null` where the path is there, or ends in what is null itself. */
function nullAbove(data: unknown, path: readonly (string | number)[]): readonly (string | number)[] | null {
  let held = data;
  for (const [at, step] of path.entries()) {
    if (held === null || held === undefined) return path.slice(0, at);
    held = (held as Record<string | number, unknown>)[step];
  }
  return null;
}

describe("an operation that was asked before", () => {
  it("is answered as Apollo would, for the queries of the explorer and of the tests", async () => {
    const isLong = process.env.FUZZ_OPERATIONS !== undefined;
    // The others wait for the access index, which takes seconds to crawl.
    const variables = await fillExamples((query) => sendQuery(server.graphqlUrl, query));
    for (const { title, query } of exampleQueries) {
      if (!query.startsWith("mutation") && (isLong || !moving.test(query)))
        await expectSame({ query, variables: variables.get(title) });
    }
    for (const name of readdirSync("test/operations").filter((name) => name.endsWith(".graphql"))) {
      await expectSame({ query: readFileSync(`test/operations/${name}`, "utf8") });
    }
  });

  const accounts = "query Some($first: Int = 2) { accounts(first: $first) { nodes { __typename displayName } } }";
  const twice = "query A { sites { siteId } } query B { sites { name } }";
  it.each<[string, Asked]>([
    ["variables", { query: accounts, variables: { first: 3 } }],
    ["a default of a variable", { query: accounts }],
    ["a null for a variable", { query: accounts, variables: { first: null } }],
    ["variables that do not fit", { query: accounts, variables: { first: "three" } }],
    ["variables that nobody declared", { query: accounts, variables: { last: 1 } }],
    ["variables that are no object", { query: accounts, variables: [1] }],
    ["no variables, by null", { query: accounts, variables: null, operationName: null, extensions: null }],
    ["a page that is too long", { query: accounts, variables: { first: 5000 } }],
    ["one of two operations", { query: twice, operationName: "B" }],
    ["none of two operations", { query: twice }],
    ["an operation that is not there", { query: twice, operationName: "C" }],
    ["an empty name", { query: accounts, operationName: "" }],
    ["a name that is no text", { query: accounts, operationName: 1 }],
    ["extensions", { query: accounts, extensions: { tracing: true } }],
    ["extensions that are no object", { query: accounts, extensions: "x" }],
    ["a hash instead of a document", { query: accounts, extensions: { persistedQuery: { version: 1 } } }],
    ["a mutation", { query: 'mutation { deleteGroup(input: { group: "x" }) { outcome userErrors { code } } }' }],
    ["nothing that parses", { query: "{ sites {" }],
    ["nothing that fits", { query: "{ nobody }" }],
    ["nothing", { query: "" }],
    ["the schema", { query: getIntrospectionQuery() }],
    ["its own name", { query: "{ __typename }" }],
    ["an id that is none", { query: '{ a: account(id: "x") { id } b: account(id: "y") { id } sites { siteId } }' }],
    [
      "two faults at once, whichever is known first",
      {
        query: "query ($asked: CheckAccessInput!) { checkAccess(input: $asked) { decision } }",
        variables: {
          asked: {
            ...{ siteId: "sandbox-cloud", username: "Leila Andersen", spaceKey: "NONE" },
            permission: { operation: "read", target: "space" },
          },
        },
      },
    ],
    ["a site that is not there", { query: '{ accounts(siteId: "nowhere") { nodes { id } } }' }],
    [
      "what is skipped and included",
      {
        query:
          "query ($yes: Boolean!, $no: Boolean = false) { sites { siteId @skip(if: $yes) name @include(if: $yes) url @include(if: $no) } }",
        variables: { yes: true },
      },
    ],
    [
      "references, good and bad",
      {
        query:
          "query ($r: [_Any!]!) { _entities(representations: $r) { __typename ... on Account { accountId displayName } ... on Site { name } } }",
        variables: {
          r: [
            { __typename: "Site", siteId: "sandbox-cloud" },
            { __typename: "Account", siteId: "sandbox-cloud", accountId: "nobody" },
            { __typename: "Nothing" },
            { __typename: "Account", id: "x" },
          ],
        },
      },
    ],
  ])("is answered as Apollo would, with %s", async (_case, asked) => {
    await expectSame(asked);
  });

  it.each<[string, Record<string, string>]>([
    ["application/graphql-response+json", { accept: "application/graphql-response+json" }],
    ["either, that first", { accept: "application/graphql-response+json, application/json;q=0.9" }],
    ["either, this first", { accept: "application/json, application/graphql-response+json;q=0.9" }],
    ["anything", { accept: "*/*" }],
    ["nothing that there is", { accept: "text/html" }],
    ["an answer from no memory", { "cache-control": "no-cache" }],
    ["its own request id", { "x-request-id": "mine" }],
  ])("is answered as Apollo would to a client that wants %s", async (_case, headers) => {
    for (const query of ["{ sites { siteId } }", '{ account(id: "x") { id } }', "{ nobody }", "{ sites {"]) {
      await expectSame({ query }, headers);
    }
  });

  it(`is answered as Apollo would, for ${operations} operations made out of the schema (seed ${seed})`, {
    timeout: 180_000 + operations * 250,
  }, async () => {
    const { data } = await sendQuery(server.graphqlUrl, getIntrospectionQuery());
    const words = await readVocabulary((document) => sendQuery(server.graphqlUrl, document));
    const maker = new OperationMaker(buildClientSchema(data as IntrospectionQuery), words, seed);
    let compared = 0;
    for (let made = 0; made < operations; made += 1) {
      const asked = maker.next();
      if (moving.test(asked.query)) continue;
      await expectSame(asked);
      compared += 1;
    }
    expect(compared).toBeGreaterThan(operations / 6);
  });
});
