import { once } from "node:events";
import type { Socket } from "node:net";
import Fastify from "fastify";
import { describe, expect, it, onTestFinished } from "vitest";
import { createLogger } from "../../../src/observability/Logger.js";
import { createFastify, destroyUnread } from "../../../src/server/connection/createFastify.js";
import { readMetrics, sumOf } from "../../support/readMetrics.js";
import { openRaw } from "./openRaw.js";
import { startTestServer } from "./startTestServer.js";

const large = 32 * 1024 * 1024;
/** Nobody waits for it. */
const unreadMs = 120_000;

/** A server of one large answer, whose readers have so long to take some of it. */
async function serveLarge(patienceMs: number) {
  const fastify = Fastify();
  onTestFinished(() => fastify.close());
  destroyUnread(fastify, patienceMs);
  fastify.get("/", async () => "x".repeat(large));
  fastify.get("/late", async () => {
    await new Promise((resolve) => setImmediate(resolve));
    return "late";
  });
  await fastify.listen({ port: 0, host: "127.0.0.1" });
  const accepted = once(fastify.server, "connection");
  const client = await openRaw(Number(new URL(fastify.listeningOrigin).port));
  const [socket]: Socket[] = await accepted;
  return { client, socket };
}

describe("connections", () => {
  it("are cut where a client asks and reads nothing of the answer", async () => {
    const { client, socket } = await serveLarge(100);
    const isCut = once(socket as Socket, "close");
    client.socket.pause();
    client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await isCut;
  });

  it.each([
    ["a short one", "/late", 0],
    ["one like it", "/", large],
  ])("are cut too where such an answer has waited behind %s that was read", async (_what, first, length) => {
    const { client, socket } = await serveLarge(100);
    const isCut = once(socket as Socket, "close");
    let received = 0;
    client.socket.removeAllListeners("data").on("data", (chunk) => {
      received += chunk.length;
      if (received > length) client.socket.pause();
    });
    client.send(`GET ${first} HTTP/1.1\r\nHost: localhost\r\n\r\nGET / HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    await isCut;
    expect(received).toBeLessThan(length + large);
  });

  it("are kept for the next request where the answer is read", async () => {
    const { client, socket } = await serveLarge(unreadMs);
    let received = 0;
    client.socket.removeAllListeners("data").on("data", ({ length }) => {
      received += length;
    });
    for (const answers of [1, 2]) {
      client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
      await expect.poll(() => received).toBeGreaterThan(answers * large);
      await expect.poll(() => socket?.timeout).not.toBe(unreadMs);
    }
  });

  it("are cut where who was refused below HTTP reads nothing, and so does not end them", async () => {
    const logger = createLogger({ level: "silent" });
    const fastify = createFastify({ served: "", config: { bodyLimitBytes: 1_000 }, logger, refusedMs: 50 });
    onTestFinished(() => fastify.close());
    await fastify.listen({ port: 0, host: "127.0.0.1" });
    const accepted = once(fastify.server, "connection");
    const client = await openRaw(Number(new URL(fastify.listeningOrigin).port));
    const [socket]: Socket[] = await accepted;
    const isCut = once(socket as Socket, "close");
    client.socket.pause();
    client.send("NONSENSE\r\n\r\n");
    await isCut;
  });

  it("are counted where they are refused below HTTP, by what was wrong", async () => {
    const server = await startTestServer();
    const wrong = [
      "NONSENSE\r\n\r\n",
      `GET / HTTP/1.1\r\nX: ${"x".repeat(20_000)}\r\n\r\n`,
      "GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ];
    for (const said of wrong) {
      const raw = await openRaw(server.port);
      raw.send(said);
      await raw.until(/"code":"[A-Z_]+"/);
    }
    const read = readMetrics(await (await fetch(`${server.url}/metrics`)).text());
    const of = (code: string) => sumOf(read, "access_graph_connection_refusals_total", { code });
    const codes = ["MALFORMED_REQUEST", "HEADERS_TOO_LARGE", "REQUEST_TIMEOUT", "TOO_MANY_CONNECTIONS"];
    expect(codes.map(of)).toEqual([2, 1, 0, 0]);
  });

  it("are counted where they are one too many, and where headers come too late", async () => {
    const refused: string[] = [];
    const config = { bodyLimitBytes: 1_000 };
    const fastify = createFastify({
      served: "",
      config,
      logger: createLogger({ level: "silent" }),
      refused: (code) => refused.push(code),
    });
    onTestFinished(() => fastify.close());
    await fastify.listen({ port: 0, host: "127.0.0.1" });
    fastify.server.maxConnections = 1;
    const accepted = once(fastify.server, "connection");
    const client = await openRaw(Number(new URL(fastify.listeningOrigin).port));
    const [socket]: Socket[] = await accepted;
    const dropped = once(fastify.server, "drop");
    await openRaw(Number(new URL(fastify.listeningOrigin).port));
    await dropped;
    fastify.server.emit(
      "clientError",
      Object.assign(new Error("too late"), { code: "ERR_HTTP_REQUEST_TIMEOUT" }),
      socket,
    );
    expect(await client.closed()).toContain("408 Request Timeout");
    expect(refused).toEqual(["TOO_MANY_CONNECTIONS", "REQUEST_TIMEOUT"]);
  });

  it("have a bound of number, and of the time that headers take", () => {
    const { server } = createFastify({
      config: { bodyLimitBytes: 1_000 },
      served: "",
      logger: createLogger({ level: "silent" }),
    });
    expect(server).toMatchObject({ maxConnections: 10_000, headersTimeout: 15_000, requestTimeout: 30_000 });
  });

  it("says what is missing of a request without a Host header", async () => {
    const server = await startTestServer();
    const client = await openRaw(server.port);
    client.send("GET / HTTP/1.1\r\nConnection: close\r\n\r\n");
    expect(await client.until(/MALFORMED_REQUEST/)).toMatch(/^HTTP\/1\.1 400 [\s\S]*The Host header is missing/);
  });

  it.each(["Host: localhost\r\nHost: elsewhere", "host: elsewhere\r\nHOST: localhost", "Host: a\r\nHost: a"])(
    "refuse a request with two Host headers: %j",
    async (hosts) => {
      const { port } = await startTestServer();
      const raw = await openRaw(port);
      raw.send("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n");
      await raw.until(/"live"/);
      raw.send(`GET /graphql?query=%7Bhello%7D HTTP/1.1\r\n${hosts}\r\nApollo-Require-Preflight: 1\r\n\r\n`);
      expect(await raw.until(/two Host headers/)).toContain("HTTP/1.1 400 Bad Request");
    },
  );
});
