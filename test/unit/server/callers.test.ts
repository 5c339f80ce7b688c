import { describe, expect, it } from "vitest";
import { unboundedCaller } from "../../../src/callers/Caller.js";
import { digestOf, TokenTable } from "../../../src/callers/TokenTable.js";
import { Secret } from "../../../src/config/Secret.js";
import { openRaw } from "./openRaw.js";
import { startTestServer } from "./startTestServer.js";

const callerToken = "caller-token-that-is-long-enough-0123456789";
const query = { query: "{ hello }" };

describe("caller authentication", () => {
  it("asks for the token, says how, and answers those who have it", async () => {
    const server = await startTestServer({ config: { callerToken: new Secret(callerToken) } });
    const without = await server.post(query);
    expect(without.status).toBe(401);
    expect(without.headers.get("www-authenticate")).toMatch(/^Bearer realm=/);
    expect(await without.json()).toMatchObject({ errors: [{ extensions: { code: "UNAUTHENTICATED" } }] });
    const right = await server.post(query, { authorization: `Bearer ${callerToken}` });
    expect(await right.json()).toEqual({ data: { hello: "world" } });
    expect(server.contexts).toHaveLength(1);
  });

  it.each([
    ["another token", `Bearer ${callerToken}x`],
    ["a part of the token", `Bearer ${callerToken.slice(0, -1)}`],
    ["no token", "Bearer "],
    ["another scheme", `Basic ${callerToken}`],
    ["the bare token", callerToken],
  ])("refuses %s by GET, POST and in a batch", async (_case, authorization) => {
    const server = await startTestServer({ config: { callerToken: new Secret(callerToken) } });
    const headers = { authorization, "apollo-require-preflight": "1" };
    const answers = [
      await server.post(query, headers),
      await server.post([query], headers),
      await fetch(`${server.graphqlUrl}?query=%7Bhello%7D`, { headers }),
    ];
    for (const answer of answers) {
      expect(answer.status).toBe(401);
      const text = await answer.text();
      expect(JSON.parse(text).errors[0].extensions.code).toBe("UNAUTHENTICATED");
      expect(text).not.toContain(callerToken);
    }
    expect(server.contexts).toHaveLength(0);
    expect(server.rawLog()).not.toContain(callerToken);
  });

  it("refuses before the body is read, so that strangers cannot make it work", async () => {
    const server = await startTestServer({ config: { callerToken: new Secret(callerToken) } });
    const raw = await openRaw(server.port);
    raw.send(
      "POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n{",
    );
    expect(await raw.until(/UNAUTHENTICATED/)).toMatch(/^HTTP\/1.1 401 /);
  });

  it("leaves health and the explorer open: neither holds data", async () => {
    const server = await startTestServer({ config: { callerToken: new Secret(callerToken) } });
    for (const path of ["/health/live", "/health/ready", "/graphiql"]) {
      expect([path, (await fetch(server.url + path)).status]).toEqual([path, 200]);
    }
  });

  it("keeps the caller's credentials out of what the graph is given", async () => {
    const server = await startTestServer({ config: { callerToken: new Secret(callerToken) } });
    await server.post(query, { authorization: `Bearer ${callerToken}`, cookie: "a=b", "x-tenant": "t" });
    expect(server.contexts[0]?.headers).toMatchObject({ "x-tenant": "t" });
    expect(Object.keys(server.contexts[0]?.headers ?? {})).not.toContain("authorization");
    expect(Object.keys(server.contexts[0]?.headers ?? {})).not.toContain("cookie");
  });

  it("compares tokens of any length without throwing, which a plain constant-time comparison would", () => {
    const table = new TokenTable([{ digest: digestOf(callerToken), caller: unboundedCaller("token") }]);
    expect(table.find(callerToken)?.name).toBe("token");
    for (const guess of ["x", "é".repeat(44), "x".repeat(10_000), ""]) expect(table.find(guess)).toBeNull();
  });
});

describe("a server without caller authentication", () => {
  it("refuses to listen beyond loopback", async () => {
    for (const host of ["0.0.0.0", "::", "10.1.2.3"]) {
      await expect(startTestServer({ config: { host } })).rejects.toThrow(/CALLER_TOKEN/);
    }
  });

  it("listens beyond loopback when callers are asked, and shows an address that can be called", async () => {
    const server = await startTestServer({ config: { host: "0.0.0.0", callerToken: new Secret(callerToken) } });
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const raw = await openRaw(server.port);
    raw.send("GET /health/live HTTP/1.1\r\nHost: graph.internal\r\n\r\n");
    await raw.until(/^HTTP\/1.1 200 /);
  });

  it.each([
    "evil.example",
    "127.0.0.1.evil.example",
    "localhost.evil.example:4000",
    "0.0.0.0:4000",
    "10.0.0.1",
    "[::2]",
  ])("refuses a request for the host %s, because a rebound name would bring a web page in", async (host) => {
    const server = await startTestServer();
    for (const path of ["/graphql?query=%7Bhello%7D", "/graphiql", "/health/ready"]) {
      const raw = await openRaw(server.port);
      raw.send(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nApollo-Require-Preflight: 1\r\nConnection: close\r\n\r\n`);
      expect(await raw.closed()).toMatch(/^HTTP\/1.1 403 [\s\S]*"code":"HOST_NOT_ALLOWED"/);
    }
    expect(server.contexts).toHaveLength(0);
  });

  it.each(["localhost", "LOCALHOST:9", "127.0.0.1:4000", "127.9.9.9", "[::1]:4000", "graph.localhost"])(
    "answers a request for the host %s",
    async (host) => {
      const server = await startTestServer();
      const raw = await openRaw(server.port);
      raw.send(`GET /graphql?query=%7Bhello%7D HTTP/1.1\r\nHost: ${host}\r\nApollo-Require-Preflight: 1\r\n\r\n`);
      await raw.until(/"hello":"world"/);
    },
  );

  it.each(["a b", "x@localhost", "localhost/evil.example", "localhost:notaport", ""])(
    "answers the unreadable host %j with 400, not with a fault of its own",
    async (host) => {
      const server = await startTestServer();
      const raw = await openRaw(server.port);
      raw.send(`GET /graphql?query=%7Bhello%7D HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
      expect(await raw.closed()).toMatch(/^HTTP\/1.1 400 [\s\S]*"code":"MALFORMED_REQUEST"/);
    },
  );
});
