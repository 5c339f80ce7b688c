import { createHash } from "node:crypto";
import { ApolloClient, ApolloLink, CombinedGraphQLErrors, gql, HttpLink, InMemoryCache } from "@apollo/client";
import { PersistedQueryLink } from "@apollo/client/link/persisted-queries";
import { RemoteGraphQLDataSource } from "@apollo/gateway";
import { print } from "graphql";
import { describe, expect, it } from "vitest";
import { operationsFromText } from "../../src/config/operations/operationsFromText.js";
import { startTestServer, type TestServer } from "../unit/server/startTestServer.js";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const twice = gql`query Twice($n: Int!) { double(n: $n) }`;

/** What a client sends, and what comes back: the method, whether the text went along, how the answer was packed. */
interface Sent {
  readonly method: string;
  readonly hasText: boolean;
  readonly status: number;
  readonly encoding: string | null;
}

/** Apollo Client as an app makes it, whose way to the server is watched. */
function apolloOver({ graphqlUrl }: TestServer, options: Partial<PersistedQueryLink.SHA256Options> = {}, id = sha256) {
  const sent: Sent[] = [];
  const watched: typeof fetch = async (input, init) => {
    const answer = await fetch(input, init);
    const { method = "GET", body } = init ?? {};
    const hasText = method === "GET" ? new URL(String(input)).searchParams.has("query") : /"query"/.test(String(body));
    sent.push({ method, hasText, status: answer.status, encoding: answer.headers.get("content-encoding") });
    return answer;
  };
  const link = ApolloLink.from([
    new PersistedQueryLink({ ...options, sha256: async (text) => id(text) }),
    new HttpLink({ uri: graphqlUrl, fetch: watched }),
  ]);
  const client = new ApolloClient({ link, cache: new InMemoryCache() });
  const ask = async (n: number, query = twice) => {
    const { data } = await client.query<Record<string, unknown>>({ query, variables: { n }, fetchPolicy: "no-cache" });
    return data?.double;
  };
  return { ask, sent };
}

describe("Apollo Client with persisted queries", () => {
  it.each([
    ["by POST alone", {}, "POST"],
    ["by GET, once the hash is known", { useGETForHashedQueries: true }, "GET"],
  ] as const)("tells a text once, and asks by its hash from then on: %s", async (_how, options, method) => {
    const server = await startTestServer();
    const { ask, sent } = apolloOver(server, options);
    expect([await ask(2), await ask(3)]).toEqual([4, 6]);
    expect(sent.map((each) => [each.method, each.hasText, each.status])).toEqual([
      [method, false, 200],
      ["POST", true, 200],
      [method, false, 200],
    ]);
    // Another browser profits by it.
    const other = apolloOver(server, options);
    expect([await other.ask(4), other.sent.map(({ hasText }) => hasText)]).toEqual([8, [false]]);
  });

  it("reads a long answer that comes packed", async () => {
    const server = await startTestServer();
    const { ask, sent } = apolloOver(server, { useGETForHashedQueries: true });
    const fields = Array.from({ length: 400 }, (_, at) => `field${at}: double(n: $n)`);
    const many = gql(`query Many($n: Int!) { double(n: $n) ${fields.join(" ")} }`);
    expect([await ask(2, many), await ask(3, many)]).toEqual([4, 6]);
    expect(sent.map(({ method, encoding }) => [method, encoding])).toEqual([
      ["GET", null],
      ["POST", "gzip"],
      ["GET", "gzip"],
    ]);
  });

  it("goes on by texts where hashes are not taken, and does not ask for them again", async () => {
    const server = await startTestServer({ config: { arePersistedQueriesTaken: false } });
    const { ask, sent } = apolloOver(server);
    expect([await ask(2), await ask(3)]).toEqual([4, 6]);
    expect(sent.map(({ hasText }) => hasText)).toEqual([false, true, true]);
  });

  it("asks for listed operations by their ids, and is told of one that is not", async () => {
    const text = JSON.stringify({
      format: "apollo-persisted-query-manifest",
      version: 1,
      operations: [{ id: "of the manifest", name: "Twice", type: "query", body: print(twice) }],
    });
    const operations = operationsFromText(text, (where, problem) => expect.fail(`${where} ${problem}`)) ?? [];
    const server = await startTestServer({
      asks: "listed",
      config: { operations: { path: "operations.json", text, operations } },
    });
    const { ask, sent } = apolloOver(server, {}, () => "of the manifest");
    expect([await ask(2), sent]).toEqual([4, [{ method: "POST", hasText: false, status: 200, encoding: null }]]);
    const stranger = apolloOver(server, {}, () => "of nothing");
    const error = await stranger.ask(1, gql`query Other($n: Int!) { double(n: $n) }`).catch((fault: unknown) => fault);
    const codes = CombinedGraphQLErrors.is(error) ? error.errors.map(({ extensions }) => extensions?.code) : error;
    expect(codes).toEqual(["OPERATION_NOT_ALLOWED"]);
  });
});

describe("Apollo Gateway with persisted queries", () => {
  it("asks its subgraph by hash, once that was told the text", async () => {
    const server = await startTestServer();
    const bodies: string[] = [];
    const source = new RemoteGraphQLDataSource({
      url: server.graphqlUrl,
      apq: true,
      fetcher: async (url, init) => {
        bodies.push(String(init?.body));
        return fetch(url, init as RequestInit) as never;
      },
    });
    const ask = async (n: number) => {
      const asked = { request: { query: print(twice), variables: { n } }, context: {}, incomingRequestContext: {} };
      const { data } = await source.process({ ...asked, kind: "incoming operation" } as never);
      return data?.double;
    };
    expect([await ask(2), await ask(3)]).toEqual([4, 6]);
    expect(bodies.map((body) => /"query"/.test(body))).toEqual([false, true, false]);
  });
});
