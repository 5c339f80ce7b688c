import { readdirSync, readFileSync } from "node:fs";
import { composeServices } from "@apollo/composition";
import { ApolloGateway, RemoteGraphQLDataSource } from "@apollo/gateway";
import { ApolloServer } from "@apollo/server";
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
  const renamed = renameOperation(query, { schema: own.schema, naming, keepsNames: true });
  const shown = JSON.parse(JSON.stringify(variables), (key, value: unknown) =>
    key === "__typename" && typeof value === "string" && own.schema.getType(value) !== undefined
      ? naming.typeName(value)
      : value,
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

describe("composed with others", () => {
  const sdlOf = (prefix: string, sharesIdentity = true) =>
    printGraphSchema({ naming: { prefix, sharesIdentity }, hasNodeFields: false }).sdl;
  const composed = (sdls: readonly string[]) =>
    composeServices(
      sdls.map((sdl, index) => ({
        name: `graph${index + 1}`,
        url: servers[index + 1]?.graphqlUrl ?? "http://policy.test",
        typeDefs: parse(sdl),
      })),
    );

  it("a subgraph of the same names and other meanings does not compose with the schema that has no prefix", () => {
    expect(composed([own.sdl, policySdl]).errors?.length).toBeGreaterThan(2);
  });

  it("two copies with prefixes compose with it without a hint, share a person, and answer one query", async () => {
    const { errors = [], hints = [], supergraphSdl = "" } = composed([sdlOf("Zq"), sdlOf("Wiki"), policySdl]);
    expect([...errors, ...hints].map(({ message }) => message)).toEqual([]);
    expect(supergraphSdl).toMatch(/type Account implements Node\n[^{]*GRAPH3[^{]*\{/);
    expect(/type Account implements Node\n[^{]*\{/.exec(supergraphSdl)?.[0]).not.toMatch(/GRAPH[12]/);
    const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
    const gateway = new ApolloGateway({
      supergraphSdl,
      logger: quiet,
      buildService: ({ url = "" }) =>
        new RemoteGraphQLDataSource({
          url,
          willSendRequest: ({ request }) => request.http?.headers.set("authorization", everybody.authorization),
        }),
    });
    const server = new ApolloServer({ gateway, logger: quiet });
    await server.start();
    try {
      const query = `{ wikiIdentity(email: "human-1@example.com") { __typename
        zqAccounts { nodes { __typename displayName } } wikiAccounts { nodes { __typename displayName } } }
        zqGroups { nodes { name } } }`;
      const { body } = await server.executeOperation({ query });
      const answer = body.kind === "single" ? (JSON.parse(JSON.stringify(body.singleResult)) as GraphAnswer) : null;
      expect(answer?.errors).toBeUndefined();
      expect(answer?.data).toEqual({
        wikiIdentity: {
          __typename: "Identity",
          zqAccounts: { nodes: [{ __typename: "ZqAccount", displayName: "Human 1" }] },
          wikiAccounts: { nodes: [{ __typename: "WikiAccount", displayName: "Human 1" }] },
        },
        zqGroups: { nodes: [{ name: "Writers" }] },
      });
    } finally {
      await server.stop();
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
