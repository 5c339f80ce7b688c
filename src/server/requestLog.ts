import type { IncomingMessage } from "node:http";
import type { ApolloServerPlugin } from "@apollo/server";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { boundless, Caller } from "../callers/Caller.js";
import type { StructuredLogger } from "../observability/Logger.js";
import { serverLimits } from "./limits.js";
import type { RequestFacts, ServerContext } from "./ServerOptions.js";
import type { InFlight } from "./shutdown.js";

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

/** Whoever is not known yet may do nothing. */
const nobody = new Caller({ name: "nobody", scopes: new Map(), accounts: [], limits: boundless });

const byRequest = new WeakMap<FastifyRequest, RequestRecord>();
const byFacts = new WeakMap<RequestFacts, RequestRecord>();

/** What is gathered about one HTTP request on its way, for its line in the log and the status of its answer. */
export class RequestRecord {
  readonly facts: RequestFacts & { caller: Caller };
  /** The answer is a GraphQL request error: the document did not parse, did not validate, or variables did not fit. */
  isRequestError = false;
  readonly #startedAt = performance.now();
  readonly #operations: string[] = [];
  readonly #errorCodes = new Set<string>();

  private constructor(request: FastifyRequest, logger: StructuredLogger) {
    const { authorization: _authorization, cookie: _cookie, ...headers } = request.headers;
    this.facts = {
      requestId: request.id,
      caller: nobody,
      headers,
      isFreshWanted: /(^|[\s,])no-cache([\s,]|$)/i.test(headers["cache-control"] ?? ""),
      logger: logger.child({ requestId: request.id }),
    };
  }

  static start(request: FastifyRequest, logger: StructuredLogger): RequestRecord {
    const record = new RequestRecord(request, logger);
    byRequest.set(request, record);
    byFacts.set(record.facts, record);
    return record;
  }

  static of(request: FastifyRequest): RequestRecord | undefined {
    return byRequest.get(request);
  }

  /** Says who it is that asks. */
  static identify(request: FastifyRequest, caller: Caller): void {
    const record = byRequest.get(request);
    if (record === undefined) throw new Error("A request without its record.");
    record.facts.caller = caller;
  }

  /** The record of the request that a GraphQL context was made for. */
  static behind(facts: RequestFacts): RequestRecord | undefined {
    return byFacts.get(facts);
  }

  addOperation(name: string): void {
    if (this.#operations.length < serverLimits.loggedNames) {
      this.#operations.push(name.slice(0, serverLimits.loggedNameLength));
    }
  }

  addErrorCode(code: string): void {
    if (this.#errorCodes.size < serverLimits.loggedNames) {
      this.#errorCodes.add(code.slice(0, serverLimits.loggedNameLength));
    }
  }

  /** Notes what was answered, for the log. */
  noteAnswer(operationName: string | null, errorCodes: readonly string[]): void {
    if (operationName !== null) this.addOperation(operationName);
    for (const code of errorCodes) this.addErrorCode(code);
  }

  get hasErrorCode(): boolean {
    return this.#errorCodes.size > 0;
  }

  /** Fields of the request's line. Variables and queries are not among them: they name people. */
  summary(): Record<string, unknown> {
    return {
      ...(this.facts.caller === nobody ? {} : { caller: this.facts.caller.name }),
      ...(this.#operations.length === 0 ? {} : { operation: this.#operations.join(", ") }),
      ...(this.#errorCodes.size === 0 ? {} : { errorCodes: [...this.#errorCodes] }),
      durationMs: Math.round((performance.now() - this.#startedAt) * 10) / 10,
    };
  }
}

/** Failures of the request itself: nothing was executed, and only the client can mend it. */
const requestErrorCodes: readonly unknown[] = [
  "GRAPHQL_PARSE_FAILED",
  "GRAPHQL_VALIDATION_FAILED",
  "BAD_USER_INPUT",
  "OPERATION_RESOLUTION_FAILURE",
];

/** Notes operation names and error codes for the request's log line, and whether nothing could be executed. */
export function recordOperations<Context extends ServerContext>(): ApolloServerPlugin<Context> {
  return {
    async requestDidStart() {
      return {
        async willSendResponse({ contextValue, operationName, errors, response, requestIsBatched }) {
          const record = RequestRecord.behind(contextValue.request);
          if (record === undefined || response.body.kind !== "single") return;
          if (typeof operationName === "string") record.addOperation(operationName);
          const { data, errors: shown = [] } = response.body.singleResult;
          for (const error of shown) record.addErrorCode(String(error.extensions?.code ?? "INTERNAL"));
          const isRequestError =
            data === undefined && (errors ?? []).every((error) => requestErrorCodes.includes(error.extensions.code));
          if (!isRequestError || response.http.status !== 400) return;
          // A batch has one status for all its operations: the failure of one must not stand for the others.
          if (requestIsBatched) response.http.status = 200;
          else record.isRequestError = true;
        },
      };
    },
  };
}

/**
 * Reads what is still coming of a request that is answered already, and throws it away, so that its client, busy
 * sending, gets to read the answer. After `discardMs` the connection is cut.
 */
export function discardRest(request: IncomingMessage, discardMs: number): void {
  if (request.complete || request.socket.destroyed) return;
  const timer = setTimeout(() => request.socket.destroy(), discardMs).unref();
  request.once("end", () => clearTimeout(timer));
  request.socket.once("close", () => clearTimeout(timer));
  request.resume();
}
