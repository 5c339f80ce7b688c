import { createServer, type IncomingMessage, type ServerResponse, request as send } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

interface ProxyOptions {
  /** Speaks TLS with these; plain HTTP without. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** The path and query that go on in place of those that came. */
  readonly rewrite?: (target: string) => string;
}

/**
 * Stands before the site at an address, which may change meanwhile, and hands everything on. Answers its own address with
 * the site's context path. Ends with the test.
 */
export async function startProxy(
  addressOf: () => string,
  { tls, rewrite = (target) => target }: ProxyOptions = {},
): Promise<string> {
  const handOn = (request: IncomingMessage, response: ServerResponse) => {
    const { method, headers } = request;
    const { hostname, port } = new URL(addressOf());
    const onward = send({ hostname, port, method, headers, path: rewrite(request.url ?? "/") }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    request.pipe(onward);
  };
  const server = tls === undefined ? createServer(handOn) : createSecureServer(tls, handOn);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    return new Promise((resolve, reject) => server.close((error) => (error ? reject(error) : resolve())));
  });
  const { port } = server.address() as AddressInfo;
  const { pathname } = new URL(addressOf());
  return `${tls === undefined ? "http" : "https"}://127.0.0.1:${port}${pathname === "/" ? "" : pathname}`;
}
