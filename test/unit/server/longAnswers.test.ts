import diagnostics from "node:diagnostics_channel";
import type { Socket } from "node:net";
import { buildSchema } from "graphql";
import { expect, it, onTestFinished } from "vitest";
import { openRaw } from "./openRaw.js";
import { startTestServer } from "./startTestServer.js";

const schema = buildSchema("type Row { text: String } type Query { rows: [Row] small: Int }");
const rows = Array.from({ length: 1_500 }, (_, at) => ({ text: `${at} ${"x".repeat(1_000)}` }));
Object.assign(schema.getQueryType()?.getFields().rows ?? {}, { resolve: () => rows });

it("a long answer goes out piece by piece where somebody else asks, whole and with its length", async () => {
  const server = await startTestServer({ schema, config: { maxResponseBytes: 8_000_000 } });
  const written: number[] = [];
  const known = new Set<Socket>();
  const watch = (message: unknown) => {
    const { socket } = message as { readonly socket: Socket };
    if (known.has(socket)) return;
    known.add(socket);
    const write = socket.write.bind(socket) as (...given: unknown[]) => boolean;
    Object.assign(socket, {
      write: (chunk: string | Uint8Array, ...others: unknown[]) => {
        written.push(chunk.length);
        return write(chunk, ...others);
      },
    });
  };
  diagnostics.subscribe("http.server.request.start", watch);
  onTestFinished(() => void diagnostics.unsubscribe("http.server.request.start", watch));
  const ask = (query: string) => {
    const body = JSON.stringify({ query });
    return `POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  };
  const [big, quiet] = [await openRaw(server.port), await openRaw(server.port)];
  const text = JSON.stringify({ data: { rows } });
  let answers = 0;
  const others = async () => {
    quiet.send(ask("{ small }"));
    answers += 1;
    await quiet.until(new RegExp(`(small[^]*?){${answers}}`));
  };
  // The first time it is Apollo that answers.
  for (const _ of [1, 2]) {
    await others();
    written.length = 0;
    const before = big.received().length;
    big.send(ask("{ rows { text } }"));
    while (!big.received().slice(before).endsWith(text.slice(-50))) await others();
    const [head = "", body] = big.received().slice(before).split("\r\n\r\n");
    expect(head).toContain(`content-length: ${text.length}`);
    expect(body).toBe(text);
  }
  expect(Math.max(...written)).toBeLessThanOrEqual(262_144);
  expect(written.length).toBeGreaterThan(5);
});
