import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { onTestFinished } from "vitest";

/** A TCP connection that says exactly what a test wants, and keeps what comes back. */
export interface RawConnection {
  readonly socket: Socket;
  /** Everything received so far. */
  received(): string;
  send(text: string): void;
  /** Resolves once `pattern` has come; rejects when the connection ends without it. */
  until(pattern: RegExp): Promise<string>;
  /** Resolves with everything received when the connection is closed. */
  closed(): Promise<string>;
}

export async function openRaw(port: number, host = "127.0.0.1"): Promise<RawConnection> {
  const socket = connect(port, host);
  onTestFinished(() => {
    socket.destroy();
  });
  await once(socket, "connect");
  let text = "";
  let isClosed = false;
  const waiting = new Set<() => void>();
  const wake = () => {
    for (const check of [...waiting]) check();
  };
  socket.on("data", (chunk) => {
    text += chunk.toString("latin1");
    wake();
  });
  socket.on("error", () => undefined);
  socket.on("close", () => {
    isClosed = true;
    wake();
  });
  const wait = (isDone: () => boolean, pattern: string) =>
    new Promise<string>((resolve, reject) => {
      const check = () => {
        if (!isDone() && !isClosed) return;
        waiting.delete(check);
        if (isDone()) resolve(text);
        else reject(new Error(`the connection ended without ${pattern}, after: ${text}`));
      };
      waiting.add(check);
      check();
    });
  return {
    socket,
    received: () => text,
    send: (said) => {
      socket.write(said);
    },
    until: (pattern) => wait(() => pattern.test(text), String(pattern)),
    closed: () => wait(() => isClosed, "its end"),
  };
}
