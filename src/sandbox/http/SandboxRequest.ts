import type { IncomingHttpHeaders } from "node:http";

/** One request, read whole. */
export interface SandboxRequest {
  readonly method: string;
  /** The path as sent, still encoded, without query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** The raw body; null when it was larger than the sandbox takes. */
  readonly body: string | null;
}
