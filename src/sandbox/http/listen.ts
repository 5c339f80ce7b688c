import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

/** A server that listens. */
export interface Listening {
  /** Without a trailing slash. */
  readonly url: string;
  /** Takes requests from now on; until then they wait. */
  serve(listener: RequestListener): void;
  /** Stops listening and cuts what is still connected. */
  close(): Promise<void>;
}

/** Binds a port, 0 for a free one. Rejects with Node's own error where it cannot. */
export async function listen(port: number, host: string): Promise<Listening> {
  // Clients keep connections for reuse; closing idle ones after Node's five seconds would race with their next request.
  const server = createServer({ keepAliveTimeout: 60_000 });
  server.listen(port, host);
  await once(server, "listening");
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://${reachable(host)}:${bound}`,
    serve: (listener) => {
      server.on("request", listener);
    },
    close: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** A name that a client on this machine can use: the wildcard addresses are none. */
function reachable(host: string): string {
  const name = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
  return name.includes(":") ? `[${name}]` : name;
}
