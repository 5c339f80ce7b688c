import type { IncomingHttpHeaders } from "node:http";
import type { RequestMarks } from "../../observability/currentWork.js";
import type { Tracing } from "../../observability/tracing/Span.js";

/** What a client calls itself, by the headers of Apollo's clients and of others. */
const clientHeaders = ["apollographql-client-name", "graphql-client-name"] as const;
const readable = /^[\x21-\x7e](?:[\x20-\x7e]{0,98}[\x21-\x7e])?$/;

/** `traceparent` as W3C's Trace Context has it: version, trace, the caller's span, flags. No id is all zeros, and no version ff. */
const traceparent =
  /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-[\x21-\x7e]{0,200})?$/;
const longestTracestate = 512;

interface MarksOptions {
  readonly isTraceToldToSites: boolean;
  /** `null`: nobody wants to know of its spans. */
  readonly tracing: Tracing | null;
}

/** What a request is known by: its id, what its client calls itself, and the trace that it is a part of. */
export function marksOf(
  requestId: string,
  headers: IncomingHttpHeaders,
  { isTraceToldToSites, tracing }: MarksOptions,
): RequestMarks {
  const logFields: Record<string, string> = { requestId };
  const client = clientHeaders
    .map((name) => headers[name])
    .find((name) => typeof name === "string" && readable.test(name));
  if (typeof client === "string") logFields.client = client;
  const given = traceHeadersIn(headers);
  const span = tracing?.begin("POST /graphql", given) ?? null;
  const traceId = span?.traceId ?? traceparent.exec(given.traceparent ?? "")?.[1];
  if (traceId !== undefined) logFields.traceId = traceId;
  return { logFields, traceHeaders: span?.traceHeaders ?? given, isTraceToldToSites, span };
}

function traceHeadersIn({ traceparent: given, tracestate }: IncomingHttpHeaders): Readonly<Record<string, string>> {
  if (typeof given !== "string" || !traceparent.test(given)) return {};
  const hasState =
    typeof tracestate === "string" && tracestate.length <= longestTracestate && /^[\x20-\x7e]+$/.test(tracestate);
  return { traceparent: given, ...(hasState ? { tracestate } : {}) };
}
