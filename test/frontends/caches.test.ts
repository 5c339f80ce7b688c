import { ApolloClient, gql, HttpLink, InMemoryCache, type TypedDocumentNode } from "@apollo/client";
import { Client, fetchExchange } from "@urql/core";
import {
  buildClientSchema,
  type GraphQLSchema,
  getIntrospectionQuery,
  type IntrospectionQuery,
  isAbstractType,
  parse,
} from "graphql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import possible from "../generated/possibleTypes.js";
import { type Stack, startStack } from "../support/startStack.js";
import { cloudWorld, human, permission, space } from "../support/worlds.js";
import { createApolloCache } from "./snippets/apolloCache.js";
import { createUrqlClient } from "./snippets/urqlClient.js";

const people = Array.from({ length: 5 }, (_, index) => human(index + 1));
const world = cloudWorld({
  accounts: people,
  groups: [{ id: "group-1", name: "Readers", members: [human(1).accountId] }],
  spaces: [
    space(1, {
      permissions: [...people.map(({ accountId }) => permission("user", accountId)), permission("group", "group-1")],
    }),
    space(2, { permissions: [permission("user", human(1).accountId)] }),
  ],
});

const principal =
  "principal { __typename ... on Account { id displayName } ... on Group { id name } ... on AccessClass { id name } }";
const list = `totalCount completeness { isComplete gaps { code } } pageInfo { hasNextPage endCursor }
  edges { cursor node { id ${principal} } }`;
const pageOfGrants = `query PageOfGrants($key: String!, $first: Int!, $after: String) {
  space(key: $key) { id name grants(first: $first, after: $after) { ${list} } }
}`;

/** What both clients hand to a page. */
interface Answer {
  readonly space: {
    readonly id: string;
    readonly grants: {
      readonly completeness: { readonly isComplete: boolean; readonly gaps: readonly { readonly code: string }[] };
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
      readonly edges:
        | readonly {
            readonly node: { readonly principal: { readonly displayName?: string; readonly name?: string } };
          }[]
        | null;
    };
  };
}
type Variables = { readonly key: string; readonly first: number; readonly after?: string | null };

/** Both clients take a document that knows its types. */
const query: TypedDocumentNode<Answer, Variables> = parse(pageOfGrants);

interface Groups {
  readonly groups: { readonly nodes: readonly { readonly id: string }[] | null };
}
const groups: TypedDocumentNode<Groups, Record<string, never>> = parse(
  "query Groups { groups { nodes { id } completeness { isComplete } } }",
);

const names = ({ space: { grants } }: Answer) =>
  grants.edges?.map(({ node }) => node.principal.displayName ?? node.principal.name);
const everybody = ["Human 1", "Human 2", "Human 3", "Human 4", "Human 5", "Readers"];

describe("a client with a normalised cache", () => {
  let stack: Stack;
  let schema: IntrospectionQuery;
  beforeAll(async () => {
    stack = await startStack({ world });
    ({ data: schema } = await stack.query(getIntrospectionQuery({ descriptions: false })));
  });
  afterAll(() => stack.close());

  const openApollo = (cache: InMemoryCache, headers: Readonly<Record<string, string>> = {}) =>
    new ApolloClient({ link: new HttpLink({ uri: stack.server.graphqlUrl, headers }), cache });

  describe("Apollo Client", () => {
    it("puts the pages of a list together, and keeps one copy of each account", async () => {
      const cache = createApolloCache();
      const client = openApollo(cache);
      const shown = client.watchQuery({ query, variables: { key: "S1", first: 4 } });
      const answers: Answer[] = [];
      const watching = shown.subscribe(({ data, dataState }) => {
        if (dataState === "complete") answers.push(data);
      });
      await expect.poll(() => answers.length).toBe(1);
      await shown.fetchMore({ variables: { after: read(answers[0]).space.grants.pageInfo.endCursor } });
      await expect.poll(() => names(read(answers.at(-1)))).toEqual(everybody);
      watching.unsubscribe();
      await client.query({ query, variables: { key: "S2", first: 4 } });
      const kept = Object.keys(cache.extract()).filter((key) => key.startsWith("Account:"));
      expect(kept).toHaveLength(people.length);
    });

    it("matches fragments on unions and interfaces by `possibleTypes`", async () => {
      const client = openApollo(createApolloCache());
      const { data } = await client.query<{
        readonly grants: { readonly nodes: readonly { readonly principal: object }[] };
      }>({
        query: gql`query Holders { grants { nodes { id principal { ...Named } } } }
          fragment Named on Principal { ...Global ... on Account { displayName } ... on Group { name } }
          fragment Global on Node { id }`,
      });
      const fields = data?.grants.nodes.map(({ principal: each }) => Object.keys(each).sort().join());
      expect(new Set(fields)).toEqual(new Set(["__typename,displayName,id", "__typename,id,name"]));
    });

    it("makes an empty list of one that could not be read, which `completeness` tells apart", async () => {
      const client = openApollo(createApolloCache(), { "cache-control": "no-cache" });
      await stack.fail({ match: "GET /wiki/api/v2/spaces/1001/permissions", times: 1, status: 403 });
      const asked = { query, variables: { key: "S1", first: 2 }, errorPolicy: "all" } as const;
      const { data, error } = await client.query(asked);
      expect(error?.message).toContain("403");
      expect(names(read(data))).toEqual([]);
      expect(read(data).space.grants.completeness).toMatchObject({
        isComplete: false,
        gaps: [{ code: "UPSTREAM_FORBIDDEN" }],
      });
      // The error is not in the cache: asked again, the list alone tells.
      const again = await client.query(asked);
      expect(again.error).toBeUndefined();
      expect(read(again.data).space.grants.completeness.isComplete).toBe(false);
    });

    it("keeps the null of what failed and not its error", async () => {
      const client = openApollo(createApolloCache(), { "cache-control": "no-cache" });
      await stack.fail({ match: "GET /wiki/rest/api/group", times: 1, status: 403 });
      const asked = { query: groups, errorPolicy: "all" } as const;
      const { data, error } = await client.query(asked);
      expect([data?.groups.nodes, error?.message]).toEqual([null, expect.stringContaining("403")]);
      const again = await client.query(asked);
      expect([again.data?.groups.nodes, again.error]).toEqual([null, undefined]);
    });

    it("keeps a person whom it asked for in either way as a part of the field", async () => {
      const client = openApollo(createApolloCache());
      const { data } = await client.query<
        Readonly<Record<string, { readonly accounts: { readonly nodes: readonly object[] } }>>
      >({
        query: gql`query Person($id: ID!) {
          byAddress: identity(email: "human-1@example.com") { email accounts { nodes { id } completeness { isComplete } } }
          byId: identity(atlassianAccountId: $id) { atlassianAccountId accounts { nodes { id } completeness { isComplete } } }
        }`,
        variables: { id: human(1).accountId },
      });
      expect(data?.byAddress?.accounts.nodes).toEqual(data?.byId?.accounts.nodes);
      expect(data?.byId?.accounts.nodes).toHaveLength(1);
      // With one key for both ways the other way has none.
      const keyed = openApollo(new InMemoryCache({ typePolicies: { Identity: { keyFields: ["email"] } } }));
      const byId = gql`query ById($id: ID!) { identity(atlassianAccountId: $id) { atlassianAccountId } }`;
      await expect(keyed.query({ query: byId, variables: { id: human(1).accountId } })).rejects.toThrow(/keyFields/);
    });
  });

  describe("urql with Graphcache", () => {
    it("puts the pages of a list together", async () => {
      const client = createUrqlClient(stack.server.graphqlUrl, schema);
      const first = await client.query(query, { key: "S1", first: 4 }).toPromise();
      const after = read(first.data).space.grants.pageInfo.endCursor;
      const both = await client.query(query, { key: "S1", first: 4, after }).toPromise();
      expect(names(read(both.data))).toEqual(everybody);
      expect(read(both.data).space.grants.completeness.isComplete).toBe(true);
    });

    it("makes an empty list of one that could not be read, which `completeness` tells apart", async () => {
      const client = createUrqlClient(stack.server.graphqlUrl, schema);
      await stack.fail({ match: "GET /wiki/api/v2/spaces/1001/permissions", times: 1, status: 403 });
      const { data, error } = await client
        .query(query, { key: "S1", first: 2 }, { fetchOptions: { headers: { "cache-control": "no-cache" } } })
        .toPromise();
      expect(error?.graphQLErrors[0]?.extensions.code).toBe("UPSTREAM_FORBIDDEN");
      expect(names(read(data))).toEqual([]);
      expect(read(data).space.grants.completeness).toMatchObject({
        isComplete: false,
        gaps: [{ code: "UPSTREAM_FORBIDDEN" }],
      });
    });

    it("keeps neither the null nor the error of what failed, and asks again", async () => {
      const client = createUrqlClient(stack.server.graphqlUrl, schema);
      const fresh = { fetchOptions: { headers: { "cache-control": "no-cache" } } };
      await stack.fail({ match: "GET /wiki/rest/api/group", times: 1, status: 403 });
      const { data, error } = await client.query(groups, {}, fresh).toPromise();
      expect([data?.groups.nodes, error?.graphQLErrors[0]?.extensions.code]).toEqual([null, "UPSTREAM_FORBIDDEN"]);
      const again = await client.query(groups, {}, fresh).toPromise();
      expect([again.data?.groups.nodes?.length, again.error]).toEqual([1, undefined]);
    });

    it("is refused where it sends its queries by GET, as it does by itself, and told what to send", async () => {
      const stock = new Client({ url: stack.server.graphqlUrl, exchanges: [fetchExchange] });
      const { data, error } = await stock.query(query, { key: "S1", first: 2 }).toPromise();
      expect(data).toBeUndefined();
      expect(error?.message).toContain("apollo-require-preflight");
      const preflighted = new Client({
        url: stack.server.graphqlUrl,
        exchanges: [fetchExchange],
        fetchOptions: { headers: { "apollo-require-preflight": "true" } },
      });
      expect((await preflighted.query(query, { key: "S1", first: 2 }).toPromise()).error).toBeUndefined();
    });
  });

  it("takes the same types for unions and interfaces from the running server as are generated", async () => {
    expect(possible.possibleTypes).toEqual(possibleTypesOf(buildClientSchema(schema)));
  });
});

function read<T>(data: T | null | undefined): T {
  if (data === null || data === undefined) throw new Error("There is no data.");
  return data;
}

function possibleTypesOf(schema: GraphQLSchema): Record<string, string[]> {
  // `_Entity` is for gateways.
  const abstract = Object.values(schema.getTypeMap())
    .filter(isAbstractType)
    .filter(({ name }) => !name.startsWith("_"));
  return Object.fromEntries(abstract.map((type) => [type.name, schema.getPossibleTypes(type).map(({ name }) => name)]));
}
