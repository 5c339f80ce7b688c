import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Fastify from "fastify";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { createSubgraph, type SubgraphSettings } from "../../src/index.js";
import { embed, host, keysAt, openSite } from "./hosts.js";

const answerOf = (key: string) => ({ data: { spaces: { nodes: [{ key }] } } });

afterEach(() => vi.unstubAllEnvs());

describe("a subgraph in a server of somebody else's", () => {
  it("answers beside another for another site, and each knows its own alone", async () => {
    const [here, there] = [await openSite("HERE"), await openSite("THERE")];
    const [first, second] = [await embed({ settings: here.settings }), await embed({ settings: there.settings })];
    const { url } = await host((request, response) => {
      if (request.url === "/other/graphql") request.url = "/graphql";
      else return first.handler(request, response);
      return second.handler(request, response);
    });
    expect(await Promise.all([keysAt(`${url}/graphql`), keysAt(`${url}/other/graphql`)])).toEqual([
      answerOf("HERE"),
      answerOf("THERE"),
    ]);
    await first.close();
    expect(first.readiness().isReady).toBe(false);
    expect(await keysAt(`${url}/other/graphql`)).toEqual(answerOf("THERE"));
  });

  it("has names of its own where its settings say so, and another beside it does not", async () => {
    const { settings } = await openSite("NAMED");
    const plain = await embed({ settings });
    const named = await embed({ settings: { ...settings, SCHEMA_PREFIX: "Confluence" } });
    expect(named.sdl).toContain("type ConfluenceSpace");
    expect(plain.sdl).not.toContain("type ConfluenceSpace");
    const { url } = await host(plain.handler);
    expect(await keysAt(`${url}/graphql`)).toEqual(answerOf("NAMED"));
  });

  it("stands in a route of Fastify, before its parsers", async () => {
    const { settings } = await openSite("ROUTED");
    const subgraph = await embed({ settings });
    const fastify = Fastify();
    onTestFinished(() => fastify.close());
    fastify.register(async (scope) => {
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser("*", (_request, _payload, done) => done(null));
      scope.all("/graphql", (request, reply) => {
        reply.hijack();
        subgraph.handler(request.raw, reply.raw);
      });
    });
    const url = await fastify.listen({ port: 0, host: "127.0.0.1" });
    expect(await keysAt(`${url}/graphql`)).toEqual(answerOf("ROUTED"));
  });

  it("says what is wrong where a body was read before, and answers all the same", async () => {
    const { settings } = await openSite("READ");
    const lines: unknown[] = [];
    const error = (fields: object, message: string) => void lines.push([fields, message]);
    const logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error };
    const subgraph = await embed({ settings, logger });
    const { url } = await host((request, response) => {
      request.resume().once("end", () => subgraph.handler(request, response));
    });
    expect(await keysAt(`${url}/graphql`)).toMatchObject({ errors: [{ extensions: { code: "INTERNAL" } }] });
    expect(lines).toEqual([[{}, expect.stringContaining("before what reads bodies")]]);
    // What comes without one is missed by nobody.
    const byAddress = await fetch(`${url}/graphql?query={spaces{nodes{key}}}`, {
      headers: { "apollo-require-preflight": "1" },
    });
    expect(await byAddress.json()).toEqual(answerOf("READ"));
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
  });

  it("has health and readiness, and a schema to compose", async () => {
    const { settings } = await openSite("HEALTH");
    const subgraph = await embed({ settings });
    const { url } = await host(subgraph.handler);
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    expect(await (await fetch(`${url}/health/ready`)).json()).toMatchObject({ sites: [{ isReady: true }] });
    expect(subgraph.readiness()).toMatchObject({ isReady: true, sites: [{ isReady: true, reason: null }] });
    expect(subgraph.sdl).toContain("type Query");
  });

  it("neither reads the environment nor listens to the process", async () => {
    const { settings } = await openSite("ALONE");
    vi.stubEnv("CONFLUENCE_PERSONAL_ACCESS_TOKEN", "of somebody else");
    vi.stubEnv("CALLER_TOKEN", "short");
    const events = ["SIGTERM", "SIGINT", "SIGHUP", "uncaughtException", "unhandledRejection", "exit"] as const;
    const listening = () => events.map((event) => process.listenerCount(event));
    const before = listening();
    const subgraph = await embed({ settings });
    expect(listening()).toEqual(before);
    await subgraph.close();
    expect(listening()).toEqual(before);
  });

  it("lets what is under way be answered before it ends, and leaves the server around it alone", async () => {
    const { settings, sandbox } = await openSite("SLOW");
    const subgraph = await embed({ settings });
    await fetch(`${sandbox.url}/__sandbox/faults`, {
      method: "POST",
      body: JSON.stringify([{ match: "GET /wiki/api/v2/spaces", delayMs: 150, times: 1 }]),
    });
    let closed: Promise<void> | null = null;
    const { url, server } = await host((request, response) => {
      subgraph.handler(request, response);
      closed ??= subgraph.close();
    });
    expect(await keysAt(`${url}/graphql`)).toEqual(answerOf("SLOW"));
    await closed;
    expect(server.listening).toBe(true);
  });
});

describe("a subgraph that cannot be made", () => {
  it("leaves no port open", async () => {
    const ports = () => process.getActiveResourcesInfo().filter((name) => name === "TCPServerWrap").length;
    const before = ports();
    const settings = { STATE_DIR: join(fileURLToPath(import.meta.url), "below-a-file") };
    await expect(createSubgraph({ settings })).rejects.toThrow(/STATE_DIR cannot be used/);
    await expect.poll(ports).toBe(before);
  });
});

describe("a subgraph that is closed", () => {
  it("says so to whatever it is still handed, and gives no answer again that it remembers", async () => {
    const { settings } = await openSite("CLOSED");
    const subgraph = await embed({ settings });
    const { url } = await host(subgraph.handler);
    for (let time = 0; time < 3; time += 1) expect(await keysAt(`${url}/graphql`)).toEqual(answerOf("CLOSED"));
    await subgraph.close();
    await subgraph.close();
    expect(await keysAt(`${url}/graphql`)).toMatchObject({ errors: [{ extensions: { code: "SHUTTING_DOWN" } }] });
    for (const path of ["/graphql?query={__typename}", "/health/ready", "/metrics"]) {
      expect([path, (await fetch(`${url}${path}`)).status]).toEqual([path, 503]);
    }
  });
});

describe("its settings", () => {
  it("are checked as the environment is, all faults at once, and nothing is quoted", async () => {
    const settings = {
      ...{ CONFLUENCE_URL: "http://wiki.example.com/a-secret-value", CACHE_TTL_GRANTS: -1, GRAPHIQL: true },
      ...{ PORT: 80, NO_SUCH_SETTING: "a-secret-value" },
    } as SubgraphSettings;
    const faults = await createSubgraph({ settings }).catch((error: unknown) => error);
    expect(faults).toMatchObject({
      name: "ConfigError",
      faults: [{ variable: "PORT" }, { variable: "NO_SUCH_SETTING" }],
    });
    expect(String(faults)).not.toContain("a-secret-value");
    const { CONFLUENCE_URL = "", CACHE_TTL_GRANTS = 0 } = settings;
    const others = await createSubgraph({ settings: { CONFLUENCE_URL, CACHE_TTL_GRANTS } }).catch(
      (error: unknown) => error,
    );
    expect(String(others)).toMatch(
      /CONFLUENCE_URL: must begin with https[\s\S]*CACHE_TTL_GRANTS: must be a whole number/,
    );
  });

  it("hand the log over as data, from its level on, without secrets", async () => {
    const { settings } = await openSite("LOGGED");
    const lines: { level: string; fields: Record<string, unknown>; message: string }[] = [];
    const note = (level: string) => (fields: Record<string, unknown>, message: string) =>
      void lines.push({ level, fields, message });
    const logger = { debug: note("debug"), info: note("info"), warn: note("warn"), error: note("error") };
    const subgraph = await embed({ settings: { ...settings, LOG_LEVEL: "debug" }, logger });
    const { url } = await host(subgraph.handler);
    await keysAt(`${url}/graphql`);
    await subgraph.close();
    expect(lines).toContainEqual({
      level: "info",
      fields: expect.objectContaining({ requestId: expect.any(String) }),
      message: "request",
    });
    expect(lines.some(({ level }) => level === "debug")).toBe(true);
    expect(JSON.stringify(lines)).not.toContain(settings.CONFLUENCE_API_TOKEN);
  });

  it("may name a log that throws, which costs its lines and nothing else", async () => {
    const { settings } = await openSite("UNLOGGED");
    let lost = 0;
    const fail = () => {
      lost += 1;
      throw new Error("The log is full.");
    };
    const logger = { debug: fail, info: fail, warn: fail, error: fail };
    // What is thrown from within an event is nobody's to catch, and fails the run.
    const subgraph = await embed({ settings: { ...settings, LOG_LEVEL: "debug" }, logger });
    const { url } = await host(subgraph.handler);
    expect(await keysAt(`${url}/graphql`)).toEqual(answerOf("UNLOGGED"));
    await subgraph.close();
    expect(lost).toBeGreaterThan(2);
  });

  it("with callers that anybody may be, answer only what reaches this machine alone", async () => {
    const { settings } = await openSite("OPEN");
    const open = await embed({ settings });
    const closed = await embed({ settings: { ...settings, CALLER_TOKEN: "0123456789012345678901234567890123" } });
    const codeOf = async (subgraph: typeof open) => {
      const { url } = await host((request, response) => {
        // As a server that listens on every interface would have it.
        Object.defineProperty(request.socket, "localAddress", { value: "10.1.2.3" });
        subgraph.handler(request, response);
      });
      return keysAt(`${url}/graphql`);
    };
    expect(await codeOf(open)).toMatchObject({ errors: [{ extensions: { code: "HOST_NOT_ALLOWED" } }] });
    expect(await codeOf(closed)).toMatchObject({ errors: [{ extensions: { code: "UNAUTHENTICATED" } }] });
  });
});
