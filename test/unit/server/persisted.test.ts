import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { operationsFromText } from "../../../src/config/operations/operationsFromText.js";
import { startTestServer, type TestServer } from "./startTestServer.js";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const hashed = (sha256Hash: string, version = 1) => ({ extensions: { persistedQuery: { version, sha256Hash } } });
const hello = "query Hello { hello }";
const helloHash = sha256(hello);

async function ask(server: TestServer, body: unknown) {
  const answer = await server.post(body);
  const { data, errors } = (await answer.json()) as { data?: unknown; errors?: { extensions: { code: string } }[] };
  return { status: answer.status, data, code: errors?.[0]?.extensions.code };
}

async function askByAddress(server: TestServer, parameters: Record<string, string>) {
  const answer = await fetch(`${server.graphqlUrl}?${new URLSearchParams(parameters)}`, {
    headers: { "apollo-require-preflight": "true" },
  });
  const { data, errors } = (await answer.json()) as { data?: unknown; errors?: { extensions: { code: string } }[] };
  return { status: answer.status, data, code: errors?.[0]?.extensions.code };
}

/** With an address that no library of a client's mends. */
function getAsWritten({ graphqlUrl }: TestServer, path: string): Promise<{ status: number; body: string }> {
  const { hostname, port } = new URL(graphqlUrl);
  return new Promise((resolve, reject) => {
    const headers = { "apollo-require-preflight": "true" };
    const sent = get({ hostname, port, path, headers }, (answer) => {
      let body = "";
      answer.setEncoding("utf8").on("data", (text: string) => {
        body += text;
      });
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, body }));
    });
    sent.on("error", reject);
  });
}

const world = { hello: "world" };

describe("automatic persisted queries", () => {
  it("are unknown until their text came with their hash, and then answered by it, whichever way they come", async () => {
    const asked: string[] = [];
    const plugins = [{ requestDidStart: async () => void asked.push("apollo") }];
    const server = await startTestServer({ plugins });
    const unknown = { status: 200, data: undefined, code: "PERSISTED_QUERY_NOT_FOUND" };
    expect(await ask(server, hashed(helloHash))).toEqual(unknown);
    expect(await askByAddress(server, { extensions: JSON.stringify(hashed(helloHash).extensions) })).toEqual(unknown);
    expect((await ask(server, { query: hello, ...hashed(helloHash) })).data).toEqual(world);
    const before = asked.length;
    expect((await ask(server, { ...hashed(helloHash), operationName: "Hello" })).data).toEqual(world);
    expect((await ask(server, { query: hello, ...hashed(helloHash) })).data).toEqual(world);
    // As fast as with its text.
    expect(asked).toHaveLength(before);
    const inAddress = { extensions: JSON.stringify(hashed(helloHash).extensions), variables: "{}" };
    expect((await askByAddress(server, inAddress)).data).toEqual(world);
    const batch = await (await server.post([hashed(helloHash), { query: "{ slow }" }])).json();
    expect(batch).toEqual([{ data: world }, { data: { slow: "slow" } }]);
  });

  it("answer the rest of a batch where one of it is unknown", async () => {
    const server = await startTestServer();
    const [one, other] = (await (await server.post([hashed(helloHash), { query: hello }])).json()) as {
      data?: unknown;
    }[];
    expect([JSON.stringify(one), other]).toEqual([
      expect.stringContaining("PERSISTED_QUERY_NOT_FOUND"),
      { data: world },
    ]);
  });

  it.each<[string, object, number, string]>([
    ["another text's hash", { query: hello, ...hashed(sha256("{ hello }")) }, 400, "PERSISTED_QUERY_HASH_MISMATCH"],
    [
      "a hash of another case",
      { query: hello, ...hashed(helloHash.toUpperCase()) },
      400,
      "PERSISTED_QUERY_HASH_MISMATCH",
    ],
    ["another version", { query: hello, ...hashed(helloHash, 2) }, 400, "PERSISTED_QUERY_NOT_SUPPORTED"],
    ["no hash", { query: hello, extensions: { persistedQuery: {} } }, 400, "PERSISTED_QUERY_NOT_SUPPORTED"],
    [
      "a hash that is none",
      { extensions: { persistedQuery: { version: 1, sha256Hash: 7 } } },
      400,
      "PERSISTED_QUERY_NOT_SUPPORTED",
    ],
  ])("are refused with %s", async (_case, body, status, code) => {
    const server = await startTestServer();
    expect(await ask(server, body)).toEqual({ status, data: undefined, code });
    expect((await ask(server, hashed(helloHash))).code).toBe("PERSISTED_QUERY_NOT_FOUND");
  });

  it("keep no text that was not let through", async () => {
    const server = await startTestServer();
    const wrong = "{ nothing }";
    expect((await ask(server, { query: wrong, ...hashed(sha256(wrong)) })).code).toBe("GRAPHQL_VALIDATION_FAILED");
    expect((await ask(server, hashed(sha256(wrong)))).code).toBe("PERSISTED_QUERY_NOT_FOUND");
  });

  it("are mutations too, by POST alone", async () => {
    const server = await startTestServer();
    const change = "mutation { change }";
    await ask(server, { query: change, ...hashed(sha256(change)) });
    expect((await ask(server, hashed(sha256(change)))).data).toEqual({ change: "changed" });
    const inAddress = { extensions: JSON.stringify(hashed(sha256(change)).extensions) };
    expect((await askByAddress(server, inAddress)).status).toBe(405);
  });

  it("are not taken where they are off", async () => {
    const server = await startTestServer({ config: { arePersistedQueriesTaken: false } });
    expect((await ask(server, { query: hello, ...hashed(helloHash) })).code).toBe("PERSISTED_QUERY_NOT_SUPPORTED");
    expect((await ask(server, { query: hello })).data).toEqual(world);
    expect((await ask(server, hashed(helloHash))).code).toBe("PERSISTED_QUERY_NOT_SUPPORTED");
  });
});

const spaced = "query Hello {\n  hello # the world\n}";
const listed = { first: spaced, second: "query Twice($n: Int!) { double(n: $n) }" };

async function startListing(options: Parameters<typeof startTestServer>[0] = {}, operations: object = listed) {
  const folder = mkdtempSync(join(tmpdir(), "operations-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "operations.json");
  const text = JSON.stringify(operations);
  writeFileSync(path, text);
  const read = operationsFromText(text, (where, problem) => expect.fail(`${where} ${problem}`)) ?? [];
  const server = await startTestServer({
    ...options,
    config: { operations: { path, text, operations: read }, ...options.config },
  });
  return { server, write: (text: string) => writeFileSync(path, text) };
}

describe("a list of operations", () => {
  it("is asked by id in every way that clients do", async () => {
    const { server } = await startListing({ asks: "listed" });
    for (const body of [
      hashed("first"),
      { documentId: "first" },
      { documentId: `sha256:${sha256(spaced)}` },
      hashed(sha256(spaced)),
    ]) {
      for (let time = 0; time < 2; time += 1) expect((await ask(server, body)).data).toEqual(world);
    }
    expect((await ask(server, { documentId: "second", variables: { n: 4 } })).data).toEqual({ double: 8 });
    expect((await askByAddress(server, { documentId: "second", variables: '{"n":2}' })).data).toEqual({ double: 4 });
    expect((await askByAddress(server, { extensions: JSON.stringify(hashed("first").extensions) })).data).toEqual(
      world,
    );
    expect(await (await server.post([{ documentId: "first" }, hashed("first")])).json()).toEqual([
      { data: world },
      { data: world },
    ]);
  });

  it.each([{}, { asks: "listed" } as const])(
    "is asked by its documentId, whatever hash stands beside it: %j",
    async (options) => {
      const { server } = await startListing(options);
      for (const hash of [helloHash, "first", "another"]) {
        const asked = { documentId: "first", ...hashed(hash) };
        expect([hash, (await ask(server, asked)).data]).toEqual([hash, world]);
        const inAddress = { documentId: "first", extensions: JSON.stringify(asked.extensions) };
        expect([hash, (await askByAddress(server, inAddress)).data]).toEqual([hash, world]);
      }
    },
  );

  it("is what a caller is kept to, whose texts may differ in blanks and comments alone", async () => {
    const { server } = await startListing({ asks: "listed" });
    expect((await ask(server, { query: spaced })).data).toEqual(world);
    expect((await ask(server, { query: hello })).data).toEqual(world);
    expect((await ask(server, { query: hello, ...hashed(helloHash) })).data).toEqual(world);
    const refused = { status: 403, data: undefined, code: "OPERATION_NOT_ALLOWED" };
    for (const body of [
      { query: "query Hello { hello hello }" },
      { query: "{ __schema { queryType { name } } }" },
      { query: "query Hello {" },
      { query: `${hello} query Other { slow }`, operationName: "Hello" },
      { query: `${hello}${" ".repeat(10_000)}` },
      { documentId: "third" },
      hashed("third"),
      { operationName: "Hello" },
      [{ query: hello }, { query: "{ slow }" }],
    ]) {
      expect([body, await ask(server, body)]).toEqual([body, refused]);
    }
    expect(await askByAddress(server, { query: "{ slow }" })).toEqual(refused);
    expect(await askByAddress(server, { documentId: "third" })).toEqual(refused);
    expect((await askByAddress(server, { query: hello })).data).toEqual(world);
  });

  it.each([
    `query=${encodeURIComponent(hello)}&query=%7Bslow%7D`,
    "query=%7Bslow%7D&documentId=first&documentId=first",
    "query=%7Bslow%7D&extensions=%7B%7D&extensions=%7B%7D",
    // No client sends a fragment, and who reads an address may leave it out or not.
    `query=%7Bslow%7D#&query=${encodeURIComponent(hello)}`,
    `query=${encodeURIComponent(hello)}#&query=%7Bslow%7D`,
    "query=%7Bslow%7D#&documentId=first",
  ])("keeps a caller to it whatever stands twice in an address: %s", async (search) => {
    const { server } = await startListing({ asks: "listed" });
    expect(await getAsWritten(server, `/graphql?${search}`)).toMatchObject({
      ...{ status: 403, body: expect.stringContaining("OPERATION_NOT_ALLOWED") },
    });
  });

  it("is asked by id also where texts are free and hashes are not taken; unknown ids are told in Apollo's words", async () => {
    const { server } = await startListing();
    expect((await ask(server, { documentId: "first" })).data).toEqual(world);
    expect((await ask(server, { query: "{ slow }" })).data).toEqual({ slow: "slow" });
    expect((await ask(server, { documentId: "third" })).code).toBe("PERSISTED_QUERY_NOT_FOUND");
    expect((await askByAddress(server, { documentId: "third" })).code).toBe("PERSISTED_QUERY_NOT_FOUND");
    const off = await startListing({ config: { arePersistedQueriesTaken: false } });
    expect((await ask(off.server, { documentId: "first" })).data).toEqual(world);
    expect((await ask(off.server, hashed("first"))).data).toEqual(world);
    expect((await ask(off.server, hashed("third"))).code).toBe("PERSISTED_QUERY_NOT_SUPPORTED");
  });

  it("is read again, also where an id names another operation now; one with a fault leaves what there was", async () => {
    const { server, write } = await startListing({ asks: "listed" });
    expect((await ask(server, { documentId: "first" })).data).toEqual(world);
    write("{ broken");
    await server.reload();
    expect((await ask(server, { documentId: "first" })).data).toEqual(world);
    write(JSON.stringify({ first: "{ slow }" }));
    await server.reload();
    expect((await ask(server, { documentId: "first" })).data).toEqual({ slow: "slow" });
    expect((await ask(server, { query: spaced })).code).toBe("OPERATION_NOT_ALLOWED");
    const told = server.lines.filter(({ msg }) => String(msg).startsWith("the file of operations"));
    expect(told.map(({ level }) => level)).toEqual(["error", "info"]);
  });
});

describe("a file of operations", () => {
  const read = (document: unknown) => {
    const problems: string[] = [];
    const text = typeof document === "string" ? document : JSON.stringify(document);
    const operations = operationsFromText(text, (where, problem) => problems.push(`${where} ${problem}`.trim()));
    return operations ?? problems;
  };
  const manifest = (...operations: unknown[]) => ({
    format: "apollo-persisted-query-manifest",
    version: 1,
    operations,
  });

  it("is Apollo's manifest, or an object of ids and operations", () => {
    const operation = { id: "a", name: "Hello", type: "query", body: hello };
    expect(read(manifest(operation))).toEqual([{ id: "a", text: hello }]);
    expect(read({ a: hello, b: "{ slow }" })).toEqual([
      { id: "a", text: hello },
      { id: "b", text: "{ slow }" },
    ]);
  });

  it.each<[unknown, RegExp]>([
    ["{", /^cannot be read as JSON$/],
    ["[]", /^must be a persisted query manifest/],
    [{ a: 1 }, /^a must be the text of an operation$/],
    [{ a: "" }, /^a must be the text of an operation$/],
    [{ format: "another", version: 1, operations: [] }, /^format is none that is known$/],
    [{ ...manifest(), version: 2 }, /^version must be 1$/],
    [manifest({ id: "a" }), /^operations\[0\]\.body must be the text of an operation$/],
    [manifest({ id: "a", body: hello }, { id: "a", body: "{ slow }" }), /^operations\[1\]\.id is that of an operation/],
    [" ".repeat(9_000_000), /^is longer than 8 MB$/],
  ])("is refused as a whole where a part of it is at fault: %#", (document, problem) => {
    expect(read(document)).toEqual([expect.stringMatching(problem)]);
  });
});
