import type { Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { serverLimits } from "../limits.js";

/**
 * Node reads requests off a connection as fast as they come, however many answers it is owed, and hands each over: a client that
 * sends without reading has a thousand of its own begun at once, and everybody else behind them. Here no more is read from a
 * connection while it is owed so many answers. What was read by then (64 KiB at most) is begun all the same.
 */
export function boundPipelines(server: Server, mostOwed: number = serverLimits.owedOnConnection): void {
  const owed = new WeakMap<Socket, number>();
  const isFull = (socket: Socket) => (owed.get(socket) ?? 0) >= mostOwed;
  server.on("connection", (socket: Socket) => {
    // Whoever reads the body of a request sets its connection going again.
    socket.on("resume", () => {
      if (isFull(socket)) socket.pause();
    });
  });
  server.prependListener("request", ({ socket }, response) => {
    owed.set(socket, (owed.get(socket) ?? 0) + 1);
    if (isFull(socket)) socket.pause();
    response.once("close", () => {
      const left = (owed.get(socket) ?? 1) - 1;
      owed.set(socket, left);
      if (left === mostOwed - 1 && !socket.destroyed) socket.resume();
    });
  });
}

/** Answers that wait behind others on their connection. */
const queued = new WeakMap<Socket, Set<ServerResponse>>();

/**
 * Has an answer that waits behind others end with its connection. Node closes the one that is being sent then, and forgets those behind
 * it: they would be owed for ever, and what is done for them would go on.
 */
export function closeQueued(socket: Socket, response: ServerResponse): void {
  if (response.socket !== null) return;
  let responses = queued.get(socket);
  if (responses === undefined) {
    const waiting = new Set<ServerResponse>();
    responses = waiting;
    queued.set(socket, waiting);
    socket.once("close", () => {
      const cut = [...waiting].filter((each) => each.socket === null && !each.writableFinished);
      for (const each of cut) each.destroy();
      // Node 24 says that they are closed, a tick after they were destroyed; Node 20 and 22 do not (pipelines.test.ts, 2026-11-30).
      process.nextTick(() => {
        for (const each of cut) if (waiting.has(each)) each.emit("close");
      });
    });
  }
  responses.add(response);
  response.once("close", () => responses.delete(response));
}
