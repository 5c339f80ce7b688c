import { GraphQLError, parse, type ValidationRule } from "graphql";
import { describe, expect, it } from "vitest";
import { DocumentStore } from "../../../src/server/operations/DocumentStore.js";
import { startTestServer } from "./startTestServer.js";

const plainJson = { accept: "application/json" };
const graphqlJson = { accept: "application/graphql-response+json" };

async function codesOf(response: Response): Promise<unknown[]> {
  const { errors } = (await response.json()) as { errors: { extensions: { code: string } }[] };
  return errors.map((error) => error.extensions.code);
}

describe("GraphQL over HTTP", () => {
  it("answers queries by POST and by GET, and keeps answers out of shared caches", async () => {
    const server = await startTestServer();
    const posted = await server.post({ query: "{ hello }" });
    expect(posted.headers.get("cache-control")).toBe("no-store");
    expect(await posted.json()).toEqual({ data: { hello: "world" } });
    const got = await fetch(`${server.graphqlUrl}?query=%7Bhello%7D`, {
      headers: { "apollo-require-preflight": "1" },
    });
    expect(await got.json()).toEqual({ data: { hello: "world" } });
  });

  it.each([
    ["a document that does not parse", { query: "{ hello" }, "GRAPHQL_PARSE_FAILED"],
    ["a document that does not validate", { query: "{ nothing }" }, "GRAPHQL_VALIDATION_FAILED"],
    [
      "variables that do not fit",
      { query: "query ($n: Int!) { double(n: $n) }", variables: { n: "x" } },
      "BAD_USER_INPUT",
    ],
    [
      "an operation that is not there",
      { query: "query A { hello }", operationName: "B" },
      "OPERATION_RESOLUTION_FAILURE",
    ],
  ])(
    "answers %s with 200 as application/json and 400 as application/graphql-response+json",
    async (_case, body, code) => {
      const server = await startTestServer();
      for (const [accept, status] of [
        [plainJson, 200],
        [{}, 200],
        [graphqlJson, 400],
      ] as const) {
        const response = await server.post(body, accept);
        expect(response.status).toBe(status);
        expect(response.headers.get("content-type")).toContain(status === 400 ? graphqlJson.accept : plainJson.accept);
        expect(await codesOf(response)).toEqual([code]);
      }
    },
  );

  it("answers 400 under both media types where there is no query at all", async () => {
    const server = await startTestServer();
    for (const accept of [plainJson, graphqlJson]) {
      const response = await server.post({ operationName: "x" }, accept);
      expect(response.status).toBe(400);
      expect(await codesOf(response)).toEqual(["BAD_REQUEST"]);
    }
  });

  it("keeps the code of a validation rule, which Apollo would overwrite", async () => {
    const tooDeep: ValidationRule = (context) => ({
      Field: () => context.reportError(new GraphQLError("too deep", { extensions: { code: "QUERY_TOO_DEEP" } })),
    });
    const server = await startTestServer({ validationRules: [tooDeep] });
    expect(await codesOf(await server.post({ query: "{ hello }" }))).toEqual(["QUERY_TOO_DEEP"]);
    expect(await codesOf(await server.post({ query: "{ nothing }" }))).toContain("GRAPHQL_VALIDATION_FAILED");
  });

  it("shows no stack and applies the given error format", async () => {
    const server = await startTestServer({ formatError: (shown) => ({ ...shown, message: `told: ${shown.message}` }) });
    const response = await server.post({ query: "{ broken }" });
    const body = await response.text();
    expect(JSON.parse(body).errors[0].message).toBe("told: the pipe is broken");
    expect(body).not.toMatch(/stacktrace|\.ts:/);
  });

  it("stops parsing a document of too many tokens", async () => {
    const server = await startTestServer({ config: { bodyLimitBytes: 1_000_000 } });
    const response = await server.post({ query: `{ ${"hello ".repeat(30_000)} }` });
    expect(await codesOf(response)).toEqual(["GRAPHQL_PARSE_FAILED"]);
  });

  it("answers a batch up to the limit, and refuses a larger one whole", async () => {
    const server = await startTestServer({ config: { batchLimit: 3 } });
    const batch = (size: number) => Array.from({ length: size }, (_, n) => ({ query: `{ double(n: ${n}) }` }));
    expect(await (await server.post(batch(3))).json()).toEqual([0, 2, 4].map((double) => ({ data: { double } })));
    const refused = await server.post(batch(4));
    expect(refused.status).toBe(400);
    expect(await codesOf(refused)).toEqual(["BATCH_TOO_LARGE"]);
    expect(server.contexts).toHaveLength(1);
  });

  it("answers a batch with 200 when one of its operations is at fault, because the others hold data", async () => {
    const server = await startTestServer();
    for (const accept of [plainJson, graphqlJson]) {
      const response = await server.post([{ query: "{ hello }" }, { query: "{ nothing }" }], accept);
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject([{ data: { hello: "world" } }, { errors: [{}] }]);
    }
  });

  it("refuses what another site's form could send", async () => {
    const server = await startTestServer();
    const get = await fetch(`${server.graphqlUrl}?query=%7Bhello%7D`);
    expect([get.status, await codesOf(get)]).toEqual([400, ["BAD_REQUEST"]]);
    const text = await server.post({ query: "{ hello }" }, { "content-type": "text/plain" });
    expect([text.status, await codesOf(text)]).toEqual([415, ["UNSUPPORTED_MEDIA_TYPE"]]);
    expect(server.contexts).toHaveLength(0);
  });

  it("changes nothing by GET", async () => {
    const server = await startTestServer();
    const response = await fetch(`${server.graphqlUrl}?query=mutation%7Bchange%7D`, {
      headers: { "apollo-require-preflight": "1" },
    });
    expect(response.status).toBe(405);
  });

  it("allows no other origin, also not in a preflight", async () => {
    const server = await startTestServer();
    const headers = { origin: "https://evil.example", "access-control-request-method": "POST" };
    const preflight = await fetch(server.graphqlUrl, { method: "OPTIONS", headers });
    const posted = await server.post({ query: "{ hello }" }, { origin: "https://evil.example" });
    for (const response of [preflight, posted]) {
      expect([...response.headers.keys()].filter((name) => name.startsWith("access-control-"))).toEqual([]);
    }
    expect([preflight.status, preflight.headers.get("allow")]).toEqual([405, "GET, POST"]);
  });

  it("answers introspection", async () => {
    const server = await startTestServer();
    const response = await server.post({ query: "{ __schema { queryType { name } } }" });
    expect(await response.json()).toEqual({ data: { __schema: { queryType: { name: "Query" } } } });
  });
});

/** Some 1,600 bytes and 400 for each field. */
const documentOf = (fields: number) => parse(`{ ${"a ".repeat(fields)}}`);

describe("DocumentStore", () => {
  const limits = { maxBytes: 15_000, maxOnceBytes: 15_000, maxDocumentBytes: 10_000 };
  /** Sets a document as often as somebody asks for it who does not find it. */
  const askedTwice = async (store: DocumentStore, key: string, fields = 10) => {
    for (let times = 0; times < 2; times += 1)
      if ((await store.get(key)) === undefined) await store.set(key, documentOf(fields));
  };
  const areKept = async (store: DocumentStore, keys: readonly string[]) =>
    Promise.all(keys.map(async (key) => (await store.get(key)) !== undefined));

  it("drops the longest unused documents when the total is reached", async () => {
    const store = new DocumentStore(limits);
    await askedTwice(store, "a");
    await askedTwice(store, "b");
    await store.get("a");
    await askedTwice(store, "c");
    expect(await areKept(store, ["a", "b", "c"])).toEqual([true, false, true]);
  });

  it("keeps few of the documents that come once, and none of them in the place of one that came again", async () => {
    const store = new DocumentStore({ ...limits, maxOnceBytes: 7_000 });
    await askedTwice(store, "a");
    await askedTwice(store, "b");
    for (let number = 0; number < 1_000; number += 1) await store.set(`once ${number}`, documentOf(10));
    expect(store.counters().entries).toBe(3);
    expect(store.counters().bytes).toBeLessThan(22_000);
    expect(await areKept(store, ["a", "b", "once 998", "once 999"])).toEqual([true, true, false, true]);
  });

  it("keeps a document for good that comes again after it was let go", async () => {
    const store = new DocumentStore({ ...limits, maxOnceBytes: 7_000 });
    await store.set("a", documentOf(10));
    await store.set("b", documentOf(10));
    expect(await areKept(store, ["a", "b"])).toEqual([false, true]);
    await store.set("a", documentOf(10));
    for (let number = 0; number < 10; number += 1) await store.set(`once ${number}`, documentOf(10));
    expect(await areKept(store, ["a", "b"])).toEqual([true, true]);
  });

  it("finds what it keeps by its text and its hash, and forgets both with it", async () => {
    const store = new DocumentStore({ ...limits, maxOnceBytes: 7_000 });
    const [first, second] = [parse("query One { a }"), parse("query Two { a a a a a a a a a a }")];
    const hashes = ["1".repeat(64), "2".repeat(64)] as const;
    await store.set(`schema:${hashes[0]}`, first);
    expect(store.textOf(hashes[0])).toBe("query One { a }");
    // Asked again: where it is kept from now on, it is found as before.
    const known = store.operationOf("query One { a }", null);
    expect(known?.name).toBe("One");
    expect(store.operationOf("query One { a }", null)).toBe(known);
    expect(store.textOf(hashes[0])).toBe("query One { a }");
    await store.set(`schema:${hashes[1]}`, second);
    await store.set(`schema:${"3".repeat(64)}`, documentOf(10));
    expect(store.operationOf("query Two { a a a a a a a a a a }", null)).toBeNull();
    expect(store.textOf(hashes[1])).toBeUndefined();
    expect(await store.delete(`schema:${hashes[0]}`)).toBe(true);
    expect(store.operationOf("query One { a }", null)).toBeNull();
    expect(store.textOf(hashes[0])).toBeUndefined();
  });

  it("does not let one huge document crowd the others out", async () => {
    const store = new DocumentStore(limits);
    await store.set("a", documentOf(10));
    await store.set("huge", documentOf(25));
    expect(await store.get("huge")).toBeUndefined();
    expect(await store.get("a")).toBeDefined();
  });

  it("weighs a document by what it is made of, not by the length of its text", async () => {
    const store = new DocumentStore(limits);
    await store.set("long", parse(`{ ${"a".repeat(1_000)} }`));
    await store.set("dense", documentOf(50));
    expect(await store.get("long")).toBeDefined();
    expect(await store.get("dense")).toBeUndefined();
  });
});
