import type { Respond } from "./startUpstream.js";

type Response = Parameters<Respond>[1];

/** Ways for an upstream in a test to answer. */
export const answers = {
  json(response: Response, body: unknown, status = 200, headers: Record<string, string> = {}): void {
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
  },
  html(response: Response, html: string, status = 200): void {
    response.writeHead(status, { "content-type": "text/html; charset=utf-8" }).end(html);
  },
  /** The connection breaks before any answer. */
  reset(response: Response): void {
    response.destroy();
  },
};
