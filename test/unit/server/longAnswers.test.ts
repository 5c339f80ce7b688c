import diagnostics from "node:diagnostics_channel";
import type { Socket } from "node:net";
import { buildSchema } from "graphql";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { openRaw } from "./openRaw.js";
import { startTestServer } from "./startTestServer.js";

const schema = buildSchema("type Row { text: String } type Query { rows: [Row] small: Int }");
const rows = Array.from({ length: 1_500 }, (_, at) => ({ text: `${at} ${"x".repeat(1_000)}` }));
Object.assign(schema.getQueryType()?.getFields().rows ?? {}, { resolve: () => rows });

const ask = (query: string, connection = "keep-alive") => {
  const body = JSON.stringify({ query });
  return `POST /graphql HTTP/1.1\r\nHost: localhost\r\nConnection: ${connection}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
};

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
  const [big, quiet] = [await openRaw(server.port), await openRaw(server.port)];
  const text = JSON.stringify({ data: { rows } });
  const others = async () => {
    const before = quiet.received().length;
    quiet.send(ask("{ small }"));
    await quiet.until(new RegExp(`^[^]{${before}}[^]*small`));
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

/** More than the system takes of an answer that nobody reads. */
const text = "x".repeat(24_000_000);

describe("a long answer that is being sent, piece by piece, to who reads slowly", () => {
  async function startSending() {
    const long = buildSchema("type Query { text: String small: Int }");
    Object.assign(long.getQueryType()?.getFields().text ?? {}, { resolve: () => text });
    const config = { maxResponseBytes: 64_000_000, requestTimeLimitMs: 60_000, shutdownGraceMs: 30 };
    const server = await startTestServer({ schema: long, config });
    const [big, quiet] = [await openRaw(server.port), await openRaw(server.port)];
    quiet.send(ask("{ small }"));
    await quiet.until(/small/);
    big.send(ask("{ text }", "close"));
    await big.until(/content-length: /);
    big.socket.pause();
    return { server, big };
  }

  it("is not given up when the time for making it is over, and nothing comes in the midst of it", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "performance"] });
    onTestFinished(() => void vi.useRealTimers());
    const { server, big } = await startSending();
    vi.advanceTimersByTime(120_000);
    big.socket.resume();
    expect((await big.closed()).split("\r\n\r\n").slice(1)).toEqual([JSON.stringify({ data: { text } })]);
    expect(server.lines.filter(({ level }) => level === "error" || level === "warn")).toEqual([]);
  });

  it("does not keep the server from stopping in order, and is cut off then", async () => {
    const { server, big } = await startSending();
    await server.close();
    big.socket.resume();
    expect(await big.closed()).not.toContain("SHUTTING_DOWN");
    expect(server.lines.filter(({ level }) => level === "error")).toEqual([]);
  });
});
