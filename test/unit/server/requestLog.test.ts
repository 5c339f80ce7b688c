import { describe, expect, it } from "vitest";
import { openRaw } from "./openRaw.js";
import { startTestServer, type TestServer } from "./startTestServer.js";

async function requestLines(server: TestServer, count: number) {
  // A line is written when the answer is out, which may be a moment after the client has read it.
  await expect.poll(() => server.lines.filter((line) => line.msg === "request")).toHaveLength(count);
  return server.lines.filter((line) => line.msg === "request");
}

describe("request ids and the request log", () => {
  it("takes a caller's request id over, gives it to the graph, and echoes it", async () => {
    const server = await startTestServer();
    const response = await server.post({ query: "{ requestId }" }, { "x-request-id": "gateway-7:a/b" });
    expect(response.headers.get("x-request-id")).toBe("gateway-7:a/b");
    expect(await response.json()).toEqual({ data: { requestId: "gateway-7:a/b" } });
    expect(await requestLines(server, 1)).toMatchObject([{ requestId: "gateway-7:a/b" }]);
  });

  it.each(["x".repeat(129), "two words", 'quote"', "é", ""])("replaces the unusable request id %j", async (given) => {
    const server = await startTestServer();
    const raw = await openRaw(server.port);
    raw.send(`GET /health/live HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: ${given}\r\n\r\n`);
    const answer = await raw.until(/"live"/);
    expect(answer).toMatch(/x-request-id: [0-9a-f]{8}-[0-9a-f-]{27}\r\n/i);
  });

  it("gives the id also to requests that are refused", async () => {
    const server = await startTestServer();
    const response = await server.post("{", { "x-request-id": "r-1" });
    expect(response.headers.get("x-request-id")).toBe("r-1");
    expect(await requestLines(server, 1)).toMatchObject([
      { requestId: "r-1", status: 400, errorCodes: ["MALFORMED_JSON"] },
    ]);
  });

  it("writes one line a request: operation, status and duration, and neither query nor variables", async () => {
    const server = await startTestServer();
    await server.post({ query: "query Twice($n: Int!) { double(n: $n) }", variables: { n: 424242 } });
    const [line, ...others] = await requestLines(server, 1);
    expect(others).toEqual([]);
    expect(line).toMatchObject({ level: "info", method: "POST", path: "/graphql", operation: "Twice", status: 200 });
    expect(line?.durationMs).toBeGreaterThan(0);
    expect(server.rawLog()).not.toContain("424242");
    expect(server.rawLog()).not.toContain("double");
  });

  it("leaves a query in the address out of the log", async () => {
    const server = await startTestServer();
    const headers = { "apollo-require-preflight": "1" };
    await fetch(`${server.graphqlUrl}?query=query%20Q%7Bhello%7D&variables=%7B%22email%22%3A%22e%22%7D`, { headers });
    expect(await requestLines(server, 1)).toMatchObject([{ path: "/graphql", operation: "Q" }]);
    expect(server.rawLog()).not.toContain("email");
  });

  it("names every operation of a batch, and the codes of what failed", async () => {
    const server = await startTestServer();
    await server.post([{ query: "query A { hello }" }, { query: "query B { broken }" }]);
    expect(await requestLines(server, 1)).toMatchObject([
      { operation: "A, B", errorCodes: ["INTERNAL_SERVER_ERROR"], status: 200 },
    ]);
  });

  it("says when the client went away before its answer", async () => {
    let started = () => {};
    const isStarted = new Promise<void>((resolve) => {
      started = resolve;
    });
    const server = await startTestServer({
      slow: () => {
        started();
        return new Promise(() => {});
      },
    });
    const raw = await openRaw(server.port);
    raw.send("GET /graphql?query=%7Bslow%7D HTTP/1.1\r\nHost: localhost\r\nApollo-Require-Preflight: 1\r\n\r\n");
    await isStarted;
    raw.socket.destroy();
    expect(await requestLines(server, 1)).toMatchObject([{ isAborted: true }]);
  });

  it("tells the graph when a caller wants nothing from memory", async () => {
    const server = await startTestServer();
    for (const value of ["no-cache", "max-age=0, no-cache", "max-age=0", ""]) {
      await server.post({ query: "{ hello }" }, { "cache-control": value });
    }
    expect(server.contexts.map((facts) => facts.isFreshWanted)).toEqual([true, true, false, false]);
  });

  it("writes the request id into the lines that the graph logs", async () => {
    const server = await startTestServer({
      createContext: (request) => {
        request.logger.info({ n: 1 }, "from the graph");
        return { request };
      },
    });
    await server.post({ query: "{ hello }" }, { "x-request-id": "r-9" });
    expect(server.lines.find((line) => line.msg === "from the graph")).toMatchObject({ requestId: "r-9", n: 1 });
  });

  it("writes into each line of a request, wherever it is written, the client's name and the trace, and no headers else", async () => {
    const trace = "0af7651916cd43dd8448eb211c80319c";
    const server = await startTestServer({
      slow: async () => {
        await new Promise((resolve) => setImmediate(resolve));
        server.logger.info({}, "from far below");
        return "slow";
      },
    });
    const headers = {
      "x-request-id": "r-1",
      "apollographql-client-name": "access reviews",
      traceparent: `00-${trace}-b7ad6b7169203331-01`,
    };
    await Promise.all([
      server.post({ query: "{ slow }" }, headers),
      server.post({ query: "{ slow }" }, { "x-request-id": "r-2", "graphql-client-name": "other" }),
    ]);
    await requestLines(server, 2);
    const marksOf = (requestId: string) =>
      server.lines
        .filter((line) => line.requestId === requestId)
        .map(({ msg, client, traceId }) => ({ msg, client, traceId }));
    const marks = { client: "access reviews", traceId: trace };
    expect(marksOf("r-1")).toEqual([
      { msg: "from far below", ...marks },
      { msg: "request", ...marks },
    ]);
    expect(marksOf("r-2")).toEqual([
      { msg: "from far below", client: "other", traceId: undefined },
      { msg: "request", client: "other", traceId: undefined },
    ]);
    // No key stands twice in a line, which parsers read differently.
    for (const line of server.rawLog().split("\n")) expect(line.split('"requestId"').length).toBeLessThanOrEqual(2);
  });

  it.each([
    ["apollographql-client-name", "x".repeat(101)],
    ["apollographql-client-name", " "],
    ["traceparent", "00-00000000000000000000000000000000-b7ad6b7169203331-01"],
    ["traceparent", "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"],
    ["traceparent", "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01"],
    ["traceparent", "nonsense"],
  ])("leaves out what is no %s: %j", async (name, value) => {
    const server = await startTestServer();
    await server.post({ query: "{ hello }" }, { [name]: value });
    const [line] = await requestLines(server, 1);
    expect([line?.client, line?.traceId]).toEqual([undefined, undefined]);
  });
});
