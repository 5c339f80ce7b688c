import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What goes wrong with a call at the network's edge; `forward` carries it out all the same. */
export type Act = (response: ServerResponse, forward: () => void, request: IncomingMessage) => void;

/**
 * What stands between us and a site: it passes everything on, and does to the calls that are meant what no well-behaved server
 * does: it cuts connections in the middle of a header or of a body, and sends what never ends.
 */
export async function startEdge() {
  let target = "";
  let fault: { readonly matches: RegExp; readonly act: Act } | null = null;
  let hits = 0;
  const server = createServer((request, response) => {
    const forward = () => {
      const onward = httpRequest(
        `${target}${request.url ?? ""}`,
        { method: request.method, headers: { ...request.headers, host: new URL(target).host } },
        (answer) => {
          response.writeHead(answer.statusCode ?? 500, answer.headers);
          answer.pipe(response);
        },
      );
      request.pipe(onward);
    };
    if (fault === null || !fault.matches.test(`${request.method} ${request.url}`)) return forward();
    hits += 1;
    fault.act(response, forward, request);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    /** Passes calls on to that address; answers its own. */
    leadTo(url: string): string {
      target = url;
      return `http://127.0.0.1:${port}`;
    },
    /** From now on this happens to those calls; answers how often it did so far. */
    fail(matches: RegExp, act: Act): () => number {
      fault = { matches, act };
      hits = 0;
      return () => hits;
    },
    /** How often the fault of now came about. */
    hits: () => hits,
    heal: () => {
      fault = null;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
