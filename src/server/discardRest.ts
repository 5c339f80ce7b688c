import type { IncomingMessage } from "node:http";

/**
 * Reads what is still coming of a request that is answered already, and throws it away, so that its client, busy
 * sending, gets to read the answer. After `discardMs` the connection is cut.
 */
export function discardRest(request: IncomingMessage, discardMs: number): void {
  if (request.complete || request.socket.destroyed) return;
  const timer = setTimeout(() => request.socket.destroy(), discardMs).unref();
  request.once("end", () => clearTimeout(timer));
  request.socket.once("close", () => clearTimeout(timer));
  request.resume();
}
