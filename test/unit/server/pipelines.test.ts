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
  boundPipelines(server, 4);
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
  // Four, and what 64 KiB hold beside them.
  expect(most).toBeLessThanOrEqual(9);
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
