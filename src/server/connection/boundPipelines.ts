import type { Server } from "node:http";
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
