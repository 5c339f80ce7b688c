import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { discardRest } from "../../../src/server/requests/requestLog.js";
import { openRaw } from "./openRaw.js";
import { startTestServer, type TestServer } from "./startTestServer.js";

async function expectServed(server: TestServer) {
  expect(await (await server.post({ query: "{ hello }" })).json()).toEqual({ data: { hello: "world" } });
}

async function errorOf(response: Response) {
  const { errors } = (await response.json()) as { errors: { message: string; extensions: { code: string } }[] };
  expect(errors).toHaveLength(1);
  expect(errors[0]?.message).toMatch(/\.$/);
  return { status: response.status, code: errors[0]?.extensions.code };
}

describe("what the server refuses", () => {
  it("refuses a body of 10 MB, and serves the next request", async () => {
    const server = await startTestServer({ config: { bodyLimitBytes: 1_048_576 } });
    const query = `{ hello # ${"x".repeat(10_000_000)}\n}`;
    expect(await errorOf(await server.post({ query }))).toEqual({ status: 413, code: "REQUEST_TOO_LARGE" });
    await expectServed(server);
  });

  it("refuses by the declared length, before the body has come", async () => {
    const server = await startTestServer();
    const raw = await openRaw(server.port);
    raw.send(
      "POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 10000000\r\n\r\n{",
    );
    expect(await raw.until(/REQUEST_TOO_LARGE/)).toMatch(/^HTTP\/1.1 413 /);
    await expectServed(server);
  });

  it("stops reading a body of undeclared length at the limit", async () => {
    const server = await startTestServer({ config: { bodyLimitBytes: 10_000 } });
    const raw = await openRaw(server.port);
    raw.send(
      "POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n",
    );
    raw.send(`4000\r\n${"x".repeat(0x4000)}\r\n`);
    expect(await raw.until(/REQUEST_TOO_LARGE/)).toMatch(/^HTTP\/1.1 413 /);
    await expectServed(server);
  });

  it("throws the rest of a refused body away, and goes on with the same connection", async () => {
    const server = await startTestServer({ config: { bodyLimitBytes: 1024 } });
    const raw = await openRaw(server.port);
    raw.send(
      "POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 500000\r\n\r\n",
    );
    await raw.until(/REQUEST_TOO_LARGE/);
    raw.send("x".repeat(500_000));
    raw.send("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await raw.until(/"status":"live"/);
  });

  it("holds nothing of what was refused on a connection that goes on", async () => {
    const sockets = new Set<Socket>();
    const server = createServer((request, response) => {
      sockets.add(request.socket);
      response.end("refused");
      discardRest(request, 60_000);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => {
      server.close();
    });
    const raw = await openRaw((server.address() as AddressInfo).port);
    const listening = [];
    for (let count = 1; count <= 3; count += 1) {
      raw.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\nx");
      await raw.until(new RegExp(`(refused[^]*){${count}}`));
      raw.send("x");
      const [socket] = sockets;
      listening.push(socket?.listenerCount("close"));
    }
    expect(new Set(listening).size).toBe(1);
  });

  it("cuts a client off that never stops sending what was refused", async () => {
    const upstream = createServer((request, response) => {
      response.end("refused");
      discardRest(request, 20);
    });
    await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => {
      upstream.close();
    });
    const raw = await openRaw((upstream.address() as AddressInfo).port);
    raw.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10000000\r\n\r\nx");
    expect(await raw.closed()).toContain("refused");
  });

  it.each([
    ["malformed JSON", "{ not json", {}, 400, "MALFORMED_JSON"],
    ["an empty body", "", {}, 400, "MALFORMED_JSON"],
    ["a body that would change a prototype", '{"__proto__": {"x": 1}}', {}, 400, "MALFORMED_JSON"],
    [
      "a form",
      "query=%7Bhello%7D",
      { "content-type": "application/x-www-form-urlencoded" },
      415,
      "UNSUPPORTED_MEDIA_TYPE",
    ],
    ["an unknown media type", "{}", { "content-type": "application/xml" }, 415, "UNSUPPORTED_MEDIA_TYPE"],
  ])("refuses %s with a stable code, under the media type asked for", async (_case, body, headers, status, code) => {
    const server = await startTestServer();
    const plain = await server.post(body, headers);
    expect(plain.headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect(await errorOf(plain)).toEqual({ status, code });
    const asked = await server.post(body, { ...headers, accept: "application/graphql-response+json" });
    expect(asked.headers.get("content-type")).toBe("application/graphql-response+json; charset=utf-8");
    expect(await errorOf(asked)).toEqual({ status, code });
    await expectServed(server);
  });

  it("answers unknown addresses and malformed ones in the same shape", async () => {
    const server = await startTestServer();
    expect(await errorOf(await fetch(`${server.url}/nothing`))).toEqual({ status: 404, code: "NOT_FOUND" });
    expect(await errorOf(await fetch(`${server.url}/graphql%ff`))).toEqual({ status: 400, code: "MALFORMED_REQUEST" });
    const put = await fetch(server.graphqlUrl, { method: "PUT", body: "x" });
    expect(await errorOf(put)).toEqual({ status: 405, code: "METHOD_NOT_ALLOWED" });
  });

  it("answers headers that are too long and what is no HTTP at all in the same shape", async () => {
    const server = await startTestServer();
    const long = await openRaw(server.port);
    long.send(`GET /graphql?query=${"x".repeat(40_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    expect(await long.closed()).toMatch(/^HTTP\/1.1 431 [\s\S]*"code":"HEADERS_TOO_LARGE"/);
    const noise = await openRaw(server.port);
    noise.send("hello there\r\n\r\n");
    expect(await noise.closed()).toMatch(/^HTTP\/1.1 400 [\s\S]*"code":"MALFORMED_REQUEST"/);
    await expectServed(server);
  });
});

describe("what is refused in the words of a library", () => {
  it.each([["a secret-token-123"], ["x".repeat(5_000)], ["__proto__"], ["\u202e\u0000"]])(
    "does not repeat the operation name that was sent: %j",
    async (operationName) => {
      const server = await startTestServer();
      const response = await server.post({ query: "query A { hello } query B { hello }", operationName });
      expect(await response.json()).toEqual({
        errors: [
          {
            message: "The document has no operation of the name that operationName gives.",
            extensions: { code: "OPERATION_RESOLUTION_FAILURE" },
          },
        ],
      });
    },
  );

  it.each([
    ["fields", "{a", "}", 9_000],
    ["lists", "[", "]", 9_000],
    ["fields, less deep", "{a", "}", 3_000],
    ["fields, hardly too deep", "{a", "}", 1_000],
  ])("calls a document of nested %s too deep, and nothing overflows", async (what, open, close, times) => {
    const server = await startTestServer();
    const nested = open.repeat(times) + close.repeat(times);
    const query = what === "lists" ? `{ double(n: ${nested}) }` : nested;
    const { errors } = (await (await server.post({ query })).json()) as {
      errors: { message: string; extensions: { code: string } }[];
    };
    expect(errors.length).toBeGreaterThan(0);
    for (const { message, extensions } of errors) {
      expect(message).not.toMatch(/call stack|\[object/);
      // Where the stack is deep enough for it, its length is found out before its depth is.
      if (extensions.code === "GRAPHQL_PARSE_FAILED") expect(message).toMatch(/more that 10000 tokens/);
      else expect(["QUERY_TOO_DEEP", "GRAPHQL_VALIDATION_FAILED"]).toContain(extensions.code);
    }
  });

  it("has its code in the log as well", async () => {
    const server = await startTestServer();
    const response = await server.post({ query: "{ hello }", operationName: { a: 1 } });
    const { errors } = (await response.json()) as { errors: { message: string; extensions: { code: string } }[] };
    expect(errors).toEqual([{ message: expect.not.stringContaining("object]"), extensions: { code: "BAD_REQUEST" } }]);
    const logged = expect.objectContaining({ status: 400, errorCodes: ["BAD_REQUEST"] });
    await expect.poll(() => server.lines).toContainEqual(logged);
  });
});

const limited = { config: { requestTimeLimitMs: 40 } };

describe("the time limit of a request", () => {
  it("ends one whose answer never comes, as our fault, with an id that stands in the log", async () => {
    const server = await startTestServer({ ...limited, slow: () => new Promise(() => undefined) });
    const response = await server.post({ query: "{ slow }" });
    expect(response.status).toBe(500);
    expect(response.headers.get("content-type")).toMatch(/^application\/json/);
    const { data, errors } = (await response.json()) as {
      data?: unknown;
      errors: { message: string; extensions: { code: string; errorId: string } }[];
    };
    expect(data).toBeUndefined();
    const [error] = errors;
    expect(error?.extensions).toEqual({ code: "INTERNAL", errorId: expect.any(String) });
    expect(error?.message).toContain("within 0.04 s");
    const line = server.lines.find(({ errorId }) => errorId === error?.extensions.errorId);
    expect(line).toMatchObject({ level: "error", limitMs: 40, requestId: expect.any(String) });
  });

  it("drops an answer that comes after all, and answers the next request", async () => {
    let answer: (text: string) => void = () => undefined;
    const late = new Promise<string>((resolve) => {
      answer = resolve;
    });
    const server = await startTestServer({ ...limited, slow: () => late });
    expect((await server.post({ query: "{ slow }" })).status).toBe(500);
    answer("too late");
    const next = await server.post({ query: "{ slow hello }" });
    expect(await next.json()).toEqual({ data: { slow: "too late", hello: "world" } });
    expect(server.lines.filter(({ level }) => level === "error")).toHaveLength(1);
  });

  it("ends each of several, and those that come when all before them are over", async () => {
    const server = await startTestServer({ ...limited, slow: () => new Promise(() => undefined) });
    const ask = async () => (await server.post({ query: "{ slow }" })).status;
    expect(await Promise.all([ask(), ask()])).toEqual([500, 500]);
    expect(await ask()).toBe(500);
  });

  it("ends the whole request of a batch", async () => {
    const server = await startTestServer({ ...limited, slow: () => new Promise(() => undefined) });
    const response = await server.post([{ query: "{ hello }" }, { query: "{ slow }" }]);
    expect(response.status).toBe(500);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: "INTERNAL" } }] });
  });
});
