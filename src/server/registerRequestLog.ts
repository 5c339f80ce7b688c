import type { FastifyInstance } from "fastify";
import type { StructuredLogger } from "../observability/StructuredLogger.js";
import { discardRest } from "./discardRest.js";
import type { InFlight } from "./InFlight.js";
import { RequestRecord } from "./RequestRecord.js";
import { serverLimits } from "./serverLimits.js";

interface RequestLogSources {
  readonly logger: StructuredLogger;
  readonly inFlight: InFlight;
  readonly isDraining: () => boolean;
}

/** Follows each request from its first byte to its last: its id, its line in the log, and whether it is still owed. */
export function registerRequestLog(
  fastify: FastifyInstance,
  { logger, inFlight, isDraining }: RequestLogSources,
): void {
  fastify.addHook("onRequest", async (request, reply) => {
    const record = RequestRecord.start(request, logger);
    inFlight.add(reply.raw);
    reply.header("x-request-id", request.id).header("x-content-type-options", "nosniff");
    reply.raw.once("close", () => {
      const path = request.url.split("?", 1)[0];
      const fields = {
        method: request.method,
        path,
        status: reply.statusCode,
        ...record.summary(),
        ...(reply.raw.writableFinished ? {} : { isAborted: true }),
      };
      // Probes and static files come by the thousand and say little.
      const isMinor = path !== "/graphql" && reply.statusCode < 400;
      record.facts.logger[isMinor ? "debug" : "info"](fields, "request");
    });
  });

  fastify.addHook("onSend", async (_request, reply) => {
    if (isDraining()) reply.header("connection", "close");
  });

  fastify.addHook("onResponse", async (request) => discardRest(request.raw, serverLimits.discardMs));
}
