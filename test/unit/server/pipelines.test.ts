import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { setImmediate } from "node:timers/promises";
import { expect, it, onTestFinished } from "vitest";
import { boundPipelines } from "../../../src/server/connection/boundPipelines.js";

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
