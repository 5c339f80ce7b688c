import type { FastifyReply } from "fastify";
import type { Span, Tracing } from "../../observability/tracing/Span.js";
import { serverLimits } from "../limits.js";
import { callerLabel } from "../metrics/ServerMetrics.js";
import type { OperationWatch, ServerContext } from "../ServerOptions.js";
import { RequestRecord } from "./requestLog.js";

/**
 * Shows a request as a span of the trace that it names, from its first byte to its last: which operation, who asked, how it ended. No
 * variable, no text of a query, no token; and who signs in with an identity provider has no name there, as in the metrics.
 */
export function traceRequest(record: RequestRecord, reply: FastifyReply, tracing: Tracing): void {
  const span = record.facts.beginSpan(tracing);
  record.whenEnded(() => {
    const { operations, errorCodes } = record.told;
    const status = reply.statusCode;
    span.tell({
      "http.request.method": reply.request.method,
      "http.route": "/graphql",
      "http.response.status_code": status,
      "access_graph.request_id": record.facts.requestId,
      "access_graph.caller": callerLabel(record.knownCaller),
      ...(errorCodes.length === 0 ? {} : { "access_graph.error_codes": errorCodes }),
    });
    const type = record.mutations > 0 ? "mutation" : record.queries > 0 ? "query" : null;
    if (!record.isBatch && type !== null) nameBy(span, type, operations[0] ?? null);
    const isBug = errorCodes.includes("INTERNAL") || status >= 500;
    const isAborted = !reply.raw.writableFinished;
    span.end(isAborted ? "aborted" : isBug ? (errorCodes[0] ?? String(status)) : undefined);
  });
}

/** A name may be as long as a request, and spans wait for their collector by the thousand: it is cut as in the log. */
function nameBy(span: Span, type: string, given: string | null): void {
  const name = given === null ? null : given.slice(0, serverLimits.loggedNameLength);
  span.rename(name === null ? type : `${type} ${name}`);
  span.tell({ "graphql.operation.type": type, ...(name === null ? {} : { "graphql.operation.name": name }) });
}

/** Shows each operation of a batch as a part of its request. */
export function traceBatches<Context extends ServerContext>(): OperationWatch<Context> {
  const spans = new WeakMap<Context, Span>();
  return {
    begin(context) {
      const record = RequestRecord.behind(context.request);
      if (record?.isBatch !== true) return;
      const span = record.facts.marks.span?.child("operation", "part", {});
      if (span !== undefined) spans.set(context, span);
    },
    admit(context, { definition }) {
      const span = spans.get(context);
      if (span !== undefined) nameBy(span, definition.operation, definition.name?.value ?? null);
    },
    end(context, { errors = [] }) {
      const codes = errors.map(({ extensions }) => String(extensions?.code ?? "INTERNAL"));
      spans.get(context)?.end(codes.includes("INTERNAL") ? "INTERNAL" : undefined);
    },
  };
}
