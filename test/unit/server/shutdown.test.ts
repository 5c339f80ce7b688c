import { EventEmitter } from "node:events";
import type { FastifyReply } from "fastify";
import { describe, expect, it } from "vitest";
import { createLogger } from "../../../src/observability/Logger.js";
import { InFlight } from "../../../src/server/lifecycle/InFlight.js";
import { installSignalHandlers } from "../../../src/server/lifecycle/processEvents.js";
import { lingerWhileAsked } from "../../../src/server/lifecycle/shutdown.js";
import { openRaw } from "./openRaw.js";
import { startTestServer } from "./startTestServer.js";

/** A field that answers when the test says so, and tells when it was asked. */
function gate() {
  let open = (_answer: string) => {};
  let enter = () => {};
  const isEntered = new Promise<void>((resolve) => {
    enter = resolve;
  });
  const answer = new Promise<string>((resolve) => {
    open = resolve;
  });
  const slow = () => {
    enter();
    return answer;
  };
  return { slow, open, isEntered };
}

const slowQuery = "GET /graphql?query=%7Bslow%7D HTTP/1.1\r\nHost: localhost\r\nApollo-Require-Preflight: 1\r\n\r\n";

describe("shutdown", () => {
  it("answers what is in flight, accepts nothing new, and closes what stands below last", async () => {
    const { slow, open, isEntered } = gate();
    const order: string[] = [];
    const server = await startTestServer({ slow, onClose: () => void order.push("closed below") });
    const inFlight = server.post({ query: "{ slow }" }).then(async (response) => {
      order.push("answered");
      return response.json();
    });
    await isEntered;
    const closing = server.close();
    await expect(fetch(`${server.url}/health/live`)).rejects.toThrow();
    expect(order).toEqual([]);
    open("at last");
    expect(await inFlight).toEqual({ data: { slow: "at last" } });
    await closing;
    expect(order.sort()).toEqual(["answered", "closed below"]);
  });

  it("is not ready from the moment it is told to stop, on connections that are still open", async () => {
    const { slow, open, isEntered } = gate();
    const server = await startTestServer({ slow });
    const early = await openRaw(server.port);
    const busy = await openRaw(server.port);
    busy.send(slowQuery);
    await isEntered;
    const closing = server.close();
    early.send("GET /health/ready HTTP/1.1\r\nHost: localhost\r\n\r\n");
    const answer = await early.until(/"status":"draining"/);
    expect(answer).toMatch(/^HTTP\/1.1 503 /);
    expect(answer).toMatch(/connection: close/i);
    open("done");
    expect(await busy.until(/"slow":"done"/)).toMatch(/connection: close/i);
    await closing;
  });

  it("does not wait for connections that are kept alive or were never used", async () => {
    const server = await startTestServer({ config: { shutdownGraceMs: 60_000 } });
    const kept = await openRaw(server.port);
    kept.send("GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n");
    await kept.until(/"live"/);
    const unused = await openRaw(server.port);
    await server.close();
    await Promise.all([kept.closed(), unused.closed()]);
  });

  it("refuses what it has no time left for, with 503 and not by a reset", async () => {
    const { slow, isEntered } = gate();
    const server = await startTestServer({ slow, config: { shutdownGraceMs: 30 } });
    const busy = await openRaw(server.port);
    busy.send(slowQuery);
    await isEntered;
    await server.close();
    const answer = await busy.closed();
    expect(answer).toMatch(/^HTTP\/1.1 503 /);
    expect(answer).toMatch(/connection: close/i);
    expect(answer).toContain('"code":"SHUTTING_DOWN"');
    expect(server.lines).toContainEqual(expect.objectContaining({ level: "warn", unanswered: 1 }));
  });

  it("waits no longer than a moment for somebody who is told so and does not read it", async () => {
    const { slow, isEntered } = gate();
    const server = await startTestServer({ slow, config: { shutdownGraceMs: 30 } });
    const busy = await openRaw(server.port);
    busy.socket.pause();
    busy.send(slowQuery);
    // The head of a body that never comes.
    const sending = await openRaw(server.port);
    sending.send(
      "POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{",
    );
    await isEntered;
    await server.close();
    busy.socket.resume();
    await Promise.all([busy.closed(), sending.closed()]);
  });

  it("lets clients in while it lingers, and tells each not to come again", async () => {
    const server = await startTestServer({ config: { shutdownGraceMs: 60_000 } });
    const early = await openRaw(server.port);
    const closing = server.close({ lingerMs: 60_000 });
    const late = await openRaw(server.port);
    for (const client of [early, late]) {
      client.send("GET /graphql?query=%7Bhello%7D HTTP/1.1\r\nHost: localhost\r\nApollo-Require-Preflight: 1\r\n\r\n");
      const answer = await client.closed();
      expect(answer).toMatch(/^HTTP\/1.1 200 /);
      expect(answer).toMatch(/connection: close/i);
    }
    await server.closeNow();
    await closing;
    await expect(fetch(server.url)).rejects.toThrow();
  });

  it("lingers for as long as somebody asks, within bounds", async () => {
    const linger = async (asking: readonly (number | null)[], turns: number) => {
      let rests = 0;
      await lingerWhileAsked(
        () => asking[Math.min(rests, asking.length - 1)] ?? null,
        async () => {
          rests += 1;
        },
        turns,
      );
      return rests;
    };
    expect(await linger([7], 20)).toBe(1);
    expect(await linger([1, 5, 6, 6], 20)).toBe(3);
    expect(await linger([1, 2, 3, 4, 5], 3)).toBe(3);
    expect(await linger([1, 2, null], 20)).toBe(2);
    // Who only looks whether it is there has noticed.
    const inFlight = new InFlight();
    const replies = [{}, {}, {}] as FastifyReply[];
    for (const [at, reply] of replies.entries()) inFlight.begin(reply, at > 0);
    expect([inFlight.asked, inFlight.owed]).toEqual([2, 3]);
  });

  it("waits for requests as well that have come and are not begun", async () => {
    const inFlight = new InFlight();
    inFlight.hold();
    inFlight.hold();
    let isOver = false;
    const over = inFlight.whenNone().then(() => {
      isOver = true;
    });
    const isOut = inFlight.begin({} as FastifyReply, true);
    inFlight.letGo(1);
    isOut();
    await Promise.resolve();
    expect([isOver, inFlight.owed]).toEqual([false, 0]);
    inFlight.letGo(1);
    await over;
  });

  it.each([[[0, 1, 2]], [[2, 1, 0]], [[1, 2, 0]], [[1, 0, 2]]])(
    "knows which answers are owed, and waits for the last of them, in whatever order they go out: %j",
    async (order) => {
      const inFlight = new InFlight();
      await inFlight.whenNone();
      const replies = [{}, {}, {}] as FastifyReply[];
      const outs = replies.map((reply) => inFlight.begin(reply, true));
      let isOver = false;
      const over = inFlight.whenNone().then(() => {
        isOver = true;
      });
      const out = new Set<number>();
      for (const at of order) {
        expect([isOver, inFlight.owed]).toEqual([false, 3 - out.size]);
        outs[at]?.();
        out.add(at);
        const left = replies.filter((_, each) => !out.has(each));
        expect(inFlight.replies.length).toBe(left.length);
        expect(inFlight.replies.every((reply, each) => reply === left[each])).toBe(true);
        await Promise.resolve();
      }
      await over;
      inFlight.begin({} as FastifyReply, true);
      expect(inFlight.owed).toBe(1);
    },
  );

  it("hears whoever had connected when it stopped listening", async () => {
    const server = await startTestServer({ config: { shutdownGraceMs: 60_000 } });
    const early = await openRaw(server.port);
    const closing = server.close({ lingerMs: 1, hearMs: 60_000 });
    const isLetIn = () =>
      fetch(`${server.url}/health/live`).then(
        () => true,
        () => false,
      );
    await expect.poll(isLetIn).toBe(false);
    early.send("GET /graphql?query=%7Bhello%7D HTTP/1.1\r\nHost: localhost\r\nApollo-Require-Preflight: 1\r\n\r\n");
    expect(await early.closed()).toMatch(/^HTTP\/1.1 200 /);
    await server.closeNow();
    await closing;
  });

  it("cuts a running shutdown short when told to stop now", async () => {
    const { slow, isEntered } = gate();
    let timesClosed = 0;
    const server = await startTestServer({
      slow,
      config: { shutdownGraceMs: 60_000 },
      onClose: () => {
        timesClosed += 1;
      },
    });
    const busy = await openRaw(server.port);
    busy.send(slowQuery);
    await isEntered;
    const closing = server.close();
    await server.closeNow();
    await closing;
    await busy.closed();
    await server.close();
    expect(timesClosed).toBe(1);
  });

  it("reports a failure to close what stands below", async () => {
    const server = await startTestServer({
      onClose: () => {
        throw new Error("pool stuck");
      },
    });
    await expect(server.close()).rejects.toThrow("pool stuck");
  });

  it("says which port is taken and what to do", async () => {
    const first = await startTestServer();
    await expect(startTestServer({ config: { port: first.port } })).rejects.toThrow(
      `Port ${first.port} on 127.0.0.1 is in use`,
    );
    await expect(startTestServer({ config: { host: "127.0.0.1", port: 0 } })).resolves.toBeDefined();
  });

  it("takes localhost for 127.0.0.1, so that one server is all there is to close", async () => {
    const server = await startTestServer({ config: { host: "localhost" } });
    expect(server.url).toMatch(/^http:\/\/localhost:\d+$/);
    expect((await fetch(`http://127.0.0.1:${server.port}/health/live`)).status).toBe(200);
  });
});

describe("signals", () => {
  function fakeProcess() {
    const emitter = new EventEmitter();
    const exits: number[] = [];
    const host = {
      on: (signal: "SIGTERM" | "SIGINT", listener: (signal: "SIGTERM" | "SIGINT") => void) =>
        emitter.on(signal, listener),
      exit: (code: number) => void exits.push(code),
    };
    return { emitter, exits, host };
  }
  const logger = createLogger({ level: "silent" });

  it("ends in order with 0 on the first signal", async () => {
    const { emitter, exits, host } = fakeProcess();
    const server = await startTestServer();
    installSignalHandlers(server, { logger, host });
    emitter.emit("SIGTERM", "SIGTERM");
    await expect.poll(() => exits).toEqual([0]);
    await expect(fetch(server.url)).rejects.toThrow();
  });

  it("reads again what may change on SIGHUP, and goes on", async () => {
    const { emitter, exits, host } = fakeProcess();
    const server = await startTestServer();
    let reloads = 0;
    const reload = async () => {
      reloads += 1;
    };
    installSignalHandlers({ ...server, reload }, { logger, host });
    emitter.emit("SIGHUP", "SIGHUP");
    expect([reloads, exits]).toEqual([1, []]);
    expect((await server.post({ query: "{ hello }" })).status).toBe(200);
  });

  it("ends at once on the second signal", async () => {
    const { slow, isEntered } = gate();
    const { emitter, exits, host } = fakeProcess();
    const server = await startTestServer({ slow, config: { shutdownGraceMs: 60_000 } });
    installSignalHandlers(server, { logger, host });
    const busy = await openRaw(server.port);
    busy.send(slowQuery);
    await isEntered;
    emitter.emit("SIGTERM", "SIGTERM");
    emitter.emit("SIGINT", "SIGINT");
    await expect.poll(() => exits).toContain(1);
    await busy.closed();
  });
});
