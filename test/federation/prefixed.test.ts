import { readdirSync, readFileSync } from "node:fs";
import { ApolloServer } from "@apollo/server";
import {
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
} from "@apollo/server/plugin/disabled";
import { startStandaloneServer } from "@apollo/server/standalone";
import { buildSubgraphSchema } from "@apollo/subgraph";
import { parse, validate } from "graphql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseWorld } from "../../sandbox/src/world/loadWorld.js";
import { compose } from "../../src/compose/compose.js";
import { exampleQueries } from "../../src/compose/exampleQueries.js";
import { readConfig } from "../../src/config/readConfig.js";
import { buildGraphSchema, printGraphSchema } from "../../src/graph/schema/buildGraphSchema.js";
import { Naming } from "../../src/graph/schema/naming/Naming.js";
import { renameOperation } from "../../src/graph/schema/naming/renameOperation.js";
import { createLogger } from "../../src/observability/Logger.js";
import type { RunningServer } from "../../src/server/startServer.js";
import { readVocabulary } from "../fuzz/fuzzServer.js";
import { OperationMaker } from "../fuzz/OperationMaker.js";
import { writeCallersFile } from "../support/callersFile.js";
import { startWatchedSandbox } from "../support/deadFaults.js";
import { ShiftableClock } from "../support/ShiftableClock.js";
import { type GraphAnswer, sendQuery } from "../support/sendQuery.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";
import { composers } from "./composers.js";
import { startGateway } from "./startGateways.js";

const choice = { prefix: "Zq", sharesIdentity: true };
const naming = new Naming(choice);
const own = buildGraphSchema();

const callers = writeCallersFile([
  { name: "all", scopes: ["read", "read:personal", "grant", "grant:administration", "lifecycle", "audit"] },
  { name: "reader", scopes: ["read"] },
]);
const everybody = callers.headersOf("all");
const clock = new ShiftableClock();
const servers: RunningServer[] = [];
let close: () => Promise<void>;

const viewer = { id: "role-viewer", type: "SYSTEM", name: "Viewer", description: "", spacePermissions: ["read/space"] };
const world = cloudWorld({
  mode: "ROLES_TRANSITION",
  accounts: [1, 2, 3, 4].map(human),
  groups: [{ id: "g-1", name: "Writers", members: [human(1).accountId, human(2).accountId] }],
  roles: [viewer],
  spaces: [1, 2].map((number) =>
    space(number, {
      permissions: [permission("user", human(3).accountId), permission("access-class", "anonymous-users")],
      roleAssignments: [{ principal: { principalType: "GROUP", principalId: "g-1" }, roleId: viewer.id }],
    }),
  ),
});

/** Three servers over one site: one as it is, and two with prefixes. */
beforeAll(async () => {
  clock.stop();
  const logger = createLogger({ level: "silent", destination: { write: () => undefined } });
  const sandbox = await startWatchedSandbox({ world: parseWorld(world) });
  for (const more of [{}, { SCHEMA_PREFIX: "Zq", NODE_FIELDS: "on" }, { SCHEMA_PREFIX: "Wiki" }]) {
    const config = readConfig({
      ...{ PORT: "0", PROVISIONING: "on", CALLERS_FILE: callers.path },
      ...{ CONFLUENCE_URL: sandbox.url, CONFLUENCE_DEPLOYMENT: "cloud" },
      ...{ CONFLUENCE_EMAIL: sandbox.credential.email, CONFLUENCE_API_TOKEN: sandbox.credential.apiToken },
      ...more,
    });
    servers.push(await compose({ config, sites: config.sites, logger, clock }));
  }
  close = async () => {
    for (const server of servers) await server.close();
    await sandbox.close();
    await callers[Symbol.asyncDispose]();
  };
});

afterAll(() => close());

type Variables = Readonly<Record<string, unknown>>;

/** The answers of both, in the names of the one without a prefix; what is told of the process itself left out. */
async function bothAnswers(query: string, variables: Variables, headers: Readonly<Record<string, string>>) {
  const [plain, prefixed] = servers.map(({ graphqlUrl }) => graphqlUrl);
  const nameOf = (value: string) => (own.schema.getType(value) === undefined ? value : naming.typeName(value));
  // References stand in variables, or in the document itself.
  const renamed = renameOperation(query, { schema: own.schema, naming, keepsNames: true }).replace(
    /(__typename: ")(\w+)"/g,
    (_, before: string, value: string) => `${before}${nameOf(value)}"`,
  );
  const shown = JSON.parse(JSON.stringify(variables), (key, value: unknown) =>
    key === "__typename" && typeof value === "string" ? nameOf(value) : value,
  ) as Variables;
  const all = { "x-include-cost": "true", ...headers };
  return [
    comparable(await sendQuery(plain ?? "", query, variables, all)),
    comparable(await sendQuery(prefixed ?? "", renamed, shown, all)),
  ] as const;
}

function comparable(answer: object): unknown {
  const text = JSON.stringify(answer, (key, value: unknown) => (key === "locations" ? undefined : value))
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "an id")
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "a time")
    .replaceAll(choice.prefix, "")
    .replace(/zq([A-Z])/g, (_, letter: string) => letter.toLowerCase());
  return JSON.parse(text);
}

async function expectSame(query: string, variables: Variables = {}, headers = everybody): Promise<unknown> {
  const [plain, prefixed] = await bothAnswers(query, variables, headers);
  expect({ query, answer: prefixed }).toEqual({ query, answer: plain });
  return plain;
}

/** What is asked of budgets and of the index's progress is another answer each time; suggestions are ordered by names. */
const moving = /\b(upstreamBudget|index|findings|effectiveAccess|wait|compare\w*|findingId)\b|^mutation/;
const suggestion = /Did you mean/;

describe("a schema with a prefix answers as the one without, but for the names", () => {
  it("the tabs of GraphiQL, as far as their names go", () => {
    const { schema } = buildGraphSchema({ naming: choice, hasNodeFields: true });
    const renamed = exampleQueries.map(({ query }) => renameOperation(query, { schema: own.schema, naming }));
    expect(renamed.flatMap((query) => validate(schema, parse(query)))).toEqual([]);
    expect(renamed.filter((query) => /\bzq[A-Z]/.test(query)).length).toBe(exampleQueries.length);
    expect(renamed[0]?.split("\n").length).toBe(exampleQueries[0]?.query.split("\n").length);
  });

  it("federation's own types keep theirs", () => {
    const names = Object.keys(buildGraphSchema({ naming: choice, hasNodeFields: true }).schema.getTypeMap());
    const isFederations = (name: string) => /^[a-z]+__/.test(name);
    expect(names.filter((name) => name.startsWith(choice.prefix) && isFederations(name.slice(2)))).toEqual([]);
    expect(names.filter(isFederations)).toEqual(Object.keys(own.schema.getTypeMap()).filter(isFederations));
  });

  it("the queries of frontend teams, as they come and by their plans", async () => {
    const texts = readdirSync("test/operations")
      .filter((name) => name.endsWith(".graphql"))
      .map((name) => readFileSync(`test/operations/${name}`, "utf8"))
      .filter((text) => !moving.test(text));
    expect(texts.length).toBeGreaterThan(3);
    for (const query of [...texts, ...texts]) await expectSame(query);
  });

  it("operations made out of the schema, for who may do everything and for who may only read", async () => {
    const words = await readVocabulary((document) => sendQuery(servers[0]?.graphqlUrl ?? "", document, {}, everybody));
    const maker = new OperationMaker(own.schema, words, "prefix");
    let compared = 0;
    while (compared < 15) {
      const { query, variables } = maker.next();
      if (moving.test(query)) continue;
      compared += 1;
      const headers = compared % 3 === 0 ? callers.headersOf("reader") : everybody;
      const [plain, prefixed] = await bothAnswers(query, variables, headers);
      if (suggestion.test(JSON.stringify(plain))) continue;
      expect({ query, answer: prefixed }).toEqual({ query, answer: plain });
    }
  });

  it("references by each key, things by their ids, and people", async () => {
    const sites = await sendQuery(
      servers[0]?.graphqlUrl ?? "",
      "{ spaces(first: 1) { nodes { id siteId spaceId key } } grants(first: 1) { nodes { id } } accounts(first: 3) { nodes { id siteId accountId } } }",
      {},
      everybody,
    );
    const [space] = sites.data.spaces.nodes;
    const [account] = sites.data.accounts.nodes;
    const representations = [
      { __typename: "Space", id: space.id },
      { __typename: "Space", siteId: space.siteId, key: space.key },
      { __typename: "Account", siteId: account.siteId, accountId: account.accountId },
      { __typename: "Grant", id: sites.data.grants.nodes[0].id },
      { __typename: "Identity", email: "human-1@example.com" },
      { __typename: "Account", id: "nonsense" },
      { __typename: "Gap", id: "x" },
      { __typename: "Space" },
    ];
    const entities = `query ($representations: [_Any!]!) { _entities(representations: $representations) { __typename
      ... on Space { name } ... on Account { displayName } ... on Grant { isRevocable } ... on Identity { accounts { totalCount } } } }`;
    const answer = await expectSame(entities, { representations });
    const { data } = answer as GraphAnswer;
    expect(data._entities.map((each: { __typename: string } | null) => each?.__typename ?? null)).toEqual([
      ...["Space", "Space", "Account", "Grant", "Identity", null, null, null],
    ]);
    const ids = [space.id, account.id, "nonsense"];
    await expectSame(
      "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on Space { key } ... on Account { displayName } } }",
      { ids },
    );
    await expectSame(
      '{ identity(email: "human-1@example.com") { __typename accounts(first: 3) { nodes { __typename id } } } }',
    );
    await expectSame("{ __typename accounts(first: 5000) { totalCount } }");
    const byOwnName = await sendQuery(
      servers[1]?.graphqlUrl ?? "",
      entities.replaceAll(/\b(?=(Space|Account|Grant) )/g, "Zq").replace("accounts {", "zqAccounts {"),
      { representations: representations.slice(0, 1) },
      everybody,
    );
    expect(byOwnName.errors?.[0]?.message).toContain("ZqSpace");
  });

  it("changes: planned, refused where there are too many in one request, and refused to who may only read", async () => {
    const found = await sendQuery(
      servers[0]?.graphqlUrl ?? "",
      "{ spaces(first: 1) { nodes { id } } accounts(first: 1) { nodes { id } } }",
      {},
      everybody,
    );
    const [space, principal] = [found.data.spaces.nodes[0].id, found.data.accounts.nodes[0].id];
    const grant = `grantSpaceAccess(input: { space: "${space}", principal: "${principal}", permissions: [{ operation: "read", target: "space" }], dryRun: true })`;
    const fields = "{ __typename outcome plan userErrors { code message } principal { __typename } }";
    await expectSame(`mutation { ${grant} ${fields} }`);
    await expectSame(`mutation { ${grant} ${fields} }`, {}, callers.headersOf("reader"));
    const ids = JSON.stringify(Array.from({ length: 101 }, (_, index) => `id-${index}`));
    const revoke = `revokeGrants(input: { grants: ${ids}, dryRun: true }) { changes { outcome } userErrors { code message } }`;
    const refused = await expectSame(`mutation { a: ${revoke} b: ${revoke} }`);
    expect(refused).toMatchObject({ data: { a: { userErrors: [{ code: "TOO_MANY_CHANGES" }] } } });
  });

  it("findings name the mutation that is there", async () => {
    const query = "{ sites { findings(wait: 30, first: 3) { nodes { remedy { mutation } } } } }";
    const answer = await sendQuery(
      servers[1]?.graphqlUrl ?? "",
      renameOperation(query, { schema: own.schema, naming, keepsNames: true }),
      {},
      everybody,
    );
    const mutations = JSON.stringify(answer.data).match(/(?<="mutation":")\w+/g) ?? [];
    expect(mutations.length).toBeGreaterThan(0);
    expect(mutations.filter((name) => !["zqRevokeGrants", "zqGrantSpaceAccess"].includes(name))).toEqual([]);
  });
});

/** Another team's subgraph, whose types have names of ours and other meanings. */
const policySdl = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])
  type Query { accounts: [Account!] node(id: ID!): Node }
  interface Node { id: ID! }
  type PageInfo @shareable { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }
  type Account implements Node @key(fields: "id") { id: ID! balance: Int }
  type Group @key(fields: "id") { id: ID! policy: String }
  type Grant @key(fields: "id") { id: ID! amount: Int }
  enum AccountStatus { PAID OVERDUE }
  type Permission { rule: String }
  type UserError { text: String status: AccountStatus permission: Permission }
  type Mutation { createGroup(name: String): UserError }`;

async function startPolicy() {
  const schema = buildSubgraphSchema({
    typeDefs: parse(policySdl),
    resolvers: { Query: { accounts: () => [{ id: "7", balance: 100 }] } },
  });
  const plugins = [ApolloServerPluginInlineTraceDisabled(), ApolloServerPluginLandingPageDisabled()];
  const server = new ApolloServer({ schema, plugins });
  const { url } = await startStandaloneServer(server, { listen: { port: 0, host: "127.0.0.1" } });
  return { url, [Symbol.asyncDispose]: () => server.stop() };
}

describe("composed with others", () => {
  const sdlOf = (prefix: string, sharesIdentity = true) =>
    printGraphSchema({ naming: { prefix, sharesIdentity }, hasNodeFields: false }).sdl;
  const withPolicy = (sdls: readonly string[], policyUrl = "http://policy.test") => [
    ...sdls.map((sdl, index) => ({ name: `graph${index + 1}`, url: servers[index + 1]?.graphqlUrl ?? "", sdl })),
    { name: "policy", url: policyUrl, sdl: policySdl },
  ];
  const queryFor = (person: string) => `{ wikiIdentity(${person}) { __typename
    zqAccounts { nodes { __typename displayName } } wikiAccounts { nodes { __typename displayName } } }
    zqGroups { nodes { name } } accounts { __typename id balance } }`;

  it.each(Object.entries(composers))(
    "a subgraph of the same names and other meanings does not compose with the schema that has no prefix: %s",
    (_name, compose) => {
      expect(compose(withPolicy([own.sdl])).errors.length).toBeGreaterThan(2);
    },
  );

  it.each(Object.entries(composers))(
    "two copies with prefixes compose with it without a hint: %s",
    (_name, compose) => {
      const composed = compose(withPolicy([sdlOf("Zq"), sdlOf("Wiki")]));
      expect([...composed.errors, ...composed.hints]).toEqual([]);
      expect(composed.fieldsOf("Account").sort()).toEqual(["balance", "id"]);
      expect(composed.fieldsOf("ZqAccount")).toContain("displayName");
      expect(composed.fieldsOf("Identity")).toEqual(expect.arrayContaining(["email", "zqAccounts", "wikiAccounts"]));
      expect(composed.faultsOf(queryFor('email: "human-1@example.com"'))).toEqual([]);
    },
  );

  it("they share a person, and answer one query behind each gateway, whoever composed what it starts from", async () => {
    await using policy = await startPolicy();
    // Both copies know a person by either key, and a gateway joins by the one that it has chosen: a person asked for by the other is null.
    for (const [composer, name, person] of [
      ["@apollo/composition", "Apollo Gateway", 'email: "human-1@example.com"'],
      ["@theguild/federation-composition", "Hive Gateway", `atlassianAccountId: "${human(1).accountId}"`],
    ] as const) {
      const composed = composers[composer]?.(withPolicy([sdlOf("Zq"), sdlOf("Wiki")], policy.url));
      const gateway = await startGateway(name, composed?.supergraphSdl ?? "");
      try {
        const { data, errors } = await gateway.ask(queryFor(person), {}, everybody);
        expect(errors).toBeUndefined();
        expect(data).toEqual({
          wikiIdentity: {
            __typename: "Identity",
            zqAccounts: { nodes: [{ __typename: "ZqAccount", displayName: "Human 1" }] },
            wikiAccounts: { nodes: [{ __typename: "WikiAccount", displayName: "Human 1" }] },
          },
          zqGroups: { nodes: [{ name: "Writers" }] },
          accounts: [{ __typename: "Account", id: "7", balance: 100 }],
        });
      } finally {
        await gateway.stop();
      }
    }
  });

  it("with an Identity of its own it shares nothing but what all mean the same by", () => {
    const [left = [], right = []] = ["Zq", "Acme"].map((prefix) =>
      [...sdlOf(prefix, false).matchAll(/^(?:type|input|enum|union|scalar|interface) (\w+)/gm)].map(([, name]) => name),
    );
    const shared = ["DateTime", "Mutation", "Node", "PageInfo", "Query"];
    expect(left.filter((name) => right.includes(name)).sort()).toEqual(shared);
    expect(left).toContain("ZqIdentity");
  });
});
