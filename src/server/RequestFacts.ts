import type { IncomingHttpHeaders } from "node:http";
import type { StructuredLogger } from "../observability/StructuredLogger.js";

/** What the graph may know of the HTTP request that it answers. */
export interface RequestFacts {
  /** The caller's `X-Request-Id` where it is usable, otherwise one of ours. Stands in every log line of the request. */
  readonly requestId: string;
  /** As received, without `authorization` and `cookie`. */
  readonly headers: Readonly<IncomingHttpHeaders>;
  /** The caller sent `Cache-Control: no-cache`: nothing that was read before this request may answer it. */
  readonly isFreshWanted: boolean;
  /** Adds the request id to each line. */
  readonly logger: StructuredLogger;
}
