import { createServer, type IncomingHttpHeaders, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Upstream {
  readonly url: string;
  /** Requests whose body has arrived, in order. */
  readonly received: readonly Received[];
  /** Sockets opened so far. */
  readonly connections: number;
  readonly mostAtOnce: number;
  /** Resolves when `count` requests have arrived. */
  whenReceived(count: number): Promise<void>;
  close(): Promise<void>;
}

export type Respond = (
  request: Received,
  response: Parameters<RequestListener>[1],
  count: number,
) => void | Promise<void>;

/** A real HTTP server on a free port of the loopback, closed when the test ends. */
export async function startUpstream(respond: Respond): Promise<Upstream> {
  const received: Received[] = [];
  const watchers = new Set<() => void>();
  let connections = 0;
  let atOnce = 0;
  let mostAtOnce = 0;
  const server = createServer((request, response) => {
    atOnce += 1;
    mostAtOnce = Math.max(mostAtOnce, atOnce);
    response.once("close", () => {
      atOnce -= 1;
    });
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const entry: Received = {
        method: request.method ?? "",
        url: request.url ?? "",
        headers: request.headers,
        body: Buffer.concat(chunks).toString("utf8"),
      };
      received.push(entry);
      for (const watcher of [...watchers]) watcher();
      void respond(entry, response, received.length);
    });
  });
  server.on("connection", () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  onTestFinished(close);
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    get connections() {
      return connections;
    },
    get mostAtOnce() {
      return mostAtOnce;
    },
    whenReceived: (count) =>
      new Promise((resolve) => {
        const watcher = () => {
          if (received.length < count) return;
          watchers.delete(watcher);
          resolve();
        };
        watchers.add(watcher);
        watcher();
      }),
    close,
  };
}
