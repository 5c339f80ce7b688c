import { type AddressInfo, createServer, type Socket } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { Secret } from "../../../src/config/Secret.js";
import { httpLimits } from "../../../src/http/limits.js";
import { calls } from "./calls.js";
import { openTransport } from "./openTransport.js";

const limits = { ...httpLimits, maxRetries: 0, connectTimeoutMs: 200 };

/** A proxy that does this with each request for a way, and is gone after more than any call may make. */
async function startProxy(handle: (socket: Socket) => void) {
  let asked = 0;
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket.on("error", () => undefined));
    socket.once("data", () => {
      asked += 1;
      if (asked > 20) server.close();
      handle(socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: new Secret(`http://us:let-us-in@127.0.0.1:${port}`), exceptions: [], ca: null, asked: () => asked };
}

const established = "HTTP/1.1 200 Connection established\r\n\r\n";

describe("a proxy that opens no way", () => {
  it.each<[string, (socket: Socket) => void]>([
    ["closes after it was asked", (socket) => void socket.end()],
    ["breaks off after it was asked", (socket) => void socket.resetAndDestroy()],
    ["breaks off in its answer", (socket) => void socket.end("HTTP/1.1 200 Conn")],
    ["answers what is no HTTP", (socket) => void socket.end("no\r\n\r\n")],
    ["closes once the way is open", (socket) => void socket.end(established)],
    ["breaks off once the way is open", (socket) => socket.write(established, () => void socket.resetAndDestroy())],
    ["never answers", () => undefined],
    ["says nothing once the way is open", (socket) => void socket.write(established)],
  ])("%s: it is asked once for each attempt, and nothing was sent", async (_how, handle) => {
    const proxy = await startProxy(handle);
    const { errorOf, log } = openTransport("https://acme.atlassian.net", { limits, proxy });
    const error = await errorOf(calls.write);
    expect(error).toMatchObject({ kind: "Unreachable", isAnswerLost: false });
    expect(`${error.message} ${error.stack} ${String(error.cause)} ${JSON.stringify(log)}`).not.toContain("let-us-in");
    expect(proxy.asked()).toBe(1);
  });
});
