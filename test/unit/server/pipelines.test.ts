import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { setImmediate } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { boundPipelines } from "../../../src/server/connection/boundPipelines.js";
import { openRaw } from "./openRaw.js";
import { startTestServer } from "./startTestServer.js";

it("a connection that is owed answers is not read from, and has all of them in the end", async () => {
  const waiting: ServerResponse[] = [];
  const server = createServer((request, response) => {
    request.resume();
    waiting.push(response);
  });
  boundPipelines(server, { mostOwed: 4 });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const client = connect((server.address() as AddressInfo).port, "127.0.0.1");
  onTestFinished(() => {
    client.destroy();
    server.close();
  });
  let answers = "";
  client.setEncoding("latin1").on("data", (text: string) => {
    answers += text;
  });
  const body = "x".repeat(16_384);
  const count = 120;
  client.write(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}`.repeat(count));
  let most = 0;
  for (let answered = 0; answered < count; ) {
    // Time for whatever would be read to be read.
    for (let turn = 0; turn < 10; turn += 1) await setImmediate();
    most = Math.max(most, waiting.length);
    const next = waiting.shift();
    if (next === undefined) continue;
    next.end(`<${answered}>`);
    answered += 1;
  }
  await expect.poll(() => answers).toContain(`<${count - 1}>`);
  expect([...answers.matchAll(/<(\d+)>/g)].map(([, number]) => Number(number))).toEqual([...Array(count).keys()]);
  expect(most).toBe(4);
});

describe("requests that come by one connection before the first of them is answered", () => {
  /** A server that notes what it begins, and whose clock goes on by a millisecond for each. */
  async function startNoting(mostOwed: number) {
    const begun: string[] = [];
    const answers: ServerResponse[] = [];
    const counts = { held: 0, letGo: 0 };
    const held = {
      hold: () => {
        counts.held += 1;
      },
      letGo: (count: number) => {
        counts.letGo += count;
      },
    };
    const server = createServer((request, response) => {
      request.resume();
      begun.push(request.url ?? "");
      answers.push(response);
    });
    const turns = { sliceOf: () => ({ units: 1, ms: 3 }) };
    boundPipelines(server, { mostOwed, held, turns, now: () => begun.length });
    await once(server.listen(0, "127.0.0.1"), "listening");
    onTestFinished(() => void server.close().closeAllConnections());
    return { begun, answers, counts, port: (server.address() as AddressInfo).port };
  }
  const asking = (name: string, count: number) =>
    Array.from({ length: count }, (_, at) => `GET /${name}${at} HTTP/1.1\r\nHost: a\r\n\r\n`).join("");

  it("are begun by turns with those of other connections, as many in a turn of the loop as it has time for", async () => {
    const { begun, counts, port } = await startNoting(16);
    const [one, other] = [await openRaw(port), await openRaw(port)];
    one.send(asking("a", 9));
    other.send(asking("b", 9));
    const byTurns: number[] = [];
    while (begun.length < 18) {
      const before = begun.length;
      await setImmediate();
      if (begun.length > before) byTurns.push(begun.length - before);
    }
    // The first of each has nothing to wait for.
    expect(Math.max(...byTurns)).toBeLessThanOrEqual(4);
    for (const name of ["a", "b"])
      expect(begun.filter((each) => each.includes(name))).toEqual([...Array(9).keys()].map((at) => `/${name}${at}`));
    const last = begun.slice(-6).map((each) => each[1]);
    expect(new Set(last)).toEqual(new Set(["a", "b"]));
    expect(counts).toEqual({ held: 16, letGo: 16 });
  });

  it("are not begun once it is known that their client has gone", async () => {
    const { begun, answers, counts, port } = await startNoting(4);
    const client = await openRaw(port);
    client.send(asking("a", 20));
    await expect.poll(() => begun.length).toBe(4);
    client.socket.destroy();
    // Nothing is read from it meanwhile: that it has gone is noticed when it is sent something.
    while (counts.letGo < 19) {
      answers.shift()?.end("there");
      await setImmediate();
    }
    expect(counts.held).toBe(19);
    expect(begun.length).toBeLessThan(20);
  });

  it("are told to come again where the server stops, and nothing is begun for them", async () => {
    const asked: (() => void)[] = [];
    const slow = () => new Promise<string>((resolve) => asked.push(() => resolve("there")));
    const server = await startTestServer({ slow, config: { shutdownGraceMs: 60_000 } });
    const query = JSON.stringify({ query: "{ slow }" });
    const question = `POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${query.length}\r\n\r\n${query}`;
    const client = await openRaw(server.port);
    client.send(question.repeat(20));
    await expect.poll(() => asked.length).toBe(16);
    const closing = server.closeNow();
    const received = await client.closed();
    await closing;
    expect(received).toMatch(/^HTTP\/1.1 503 [\s\S]*connection: close[\s\S]*SHUTTING_DOWN/i);
    expect(asked).toHaveLength(16);
  });
});

describe("a client that hangs up while it is owed several answers on one connection", () => {
  const body = JSON.stringify({ query: "{ slow }" });
  const asked = `POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

  it("waits for none of them any more, whether they were made by then or not", async () => {
    let answer: (text: string) => void = () => undefined;
    const answering = new Promise<string>((resolve) => {
      answer = resolve;
    });
    const server = await startTestServer({ slow: () => answering });
    const aborted = () => server.lines.filter(({ msg, isAborted }) => msg === "request" && isAborted === true);
    const client = await openRaw(server.port);
    // The answer of the third is there at once, and waits for the two before it.
    client.send(`${asked.repeat(2)}GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n${asked.repeat(2)}`);
    await expect.poll(() => server.contexts.length).toBe(4);
    client.socket.destroy();
    await expect.poll(aborted).toHaveLength(5);
    // The one that asks is in flight itself.
    expect(await (await fetch(`${server.url}/metrics`)).text()).toContain("\naccess_graph_requests_in_flight 1\n");
    answer("there");
    expect(await (await server.post({ query: "{ slow }" })).json()).toEqual({ data: { slow: "there" } });
    expect(aborted()).toHaveLength(5);
    expect(server.lines.filter(({ level }) => level === "error")).toEqual([]);
  });
});
