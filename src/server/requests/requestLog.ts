import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { ApolloServerPlugin } from "@apollo/server";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { boundless, Caller } from "../../callers/Caller.js";
import { Leaver } from "../../http/Waiting.js";
import type { RequestMarks } from "../../observability/currentWork.js";
import { logFor, type StructuredLogger } from "../../observability/Logger.js";
import type { Span, Tracing } from "../../observability/tracing/Span.js";
import type { AskedBody } from "../answers/KnownBodies.js";
import { closeQueued } from "../connection/boundPipelines.js";
import type { InFlight } from "../lifecycle/InFlight.js";
import { serverLimits } from "../limits.js";
import { type EndedRequest, routeOf, type ServerMetrics } from "../metrics/ServerMetrics.js";
import type { RequestFacts, ServerContext } from "../ServerOptions.js";
import { marksOf } from "./requestMarks.js";

interface RequestLogSources {
  readonly logger: StructuredLogger;
  readonly inFlight: InFlight;
  readonly isDraining: () => boolean;
  readonly metrics: ServerMetrics;
  readonly isTraceToldToSites: boolean;
}

/** Follows each request from its first byte to its last: its id, its line in the log, and whether it is still owed. */
export function registerRequestLog(
  fastify: FastifyInstance,
  { logger, inFlight, isDraining, metrics, isTraceToldToSites }: RequestLogSources,
): void {
  fastify.decorateRequest("record", null);
  fastify.addHook("onRequest", (request, reply, done) => {
    const record = RequestRecord.start(request, logger, isTraceToldToSites);
    const isOut = inFlight.begin(reply, request.url.startsWith("/graphql"));
    closeQueued(request.raw.socket, reply.raw);
    reply.header("x-request-id", request.id).header("x-content-type-options", "nosniff");
    // Emitted once for every response, also when the client went away before it was written.
    reply.raw.on("close", () => {
      isOut();
      record.end();
      const { url } = request;
      const query = url.indexOf("?");
      const path = query < 0 ? url : url.slice(0, query);
      const fields = record.summary(request.method, path, reply.statusCode);
      const isAborted = !reply.raw.writableFinished;
      if (isAborted) fields.isAborted = true;
      metrics.ended(record.counted(routeOf(path), isAborted ? "aborted" : reply.statusCode));
      // Probes and static files come by the thousand and say little.
      const isMinor = path !== "/graphql" && reply.statusCode < 400;
      logger[isMinor ? "debug" : "info"](fields, "request", record.facts.marks);
      discardRest(request.raw, serverLimits.discardMs);
    });
    done();
  });

  fastify.addHook("onSend", (_request, reply, _payload, done) => {
    if (isDraining()) reply.header("connection", "close");
    done();
  });
}

/** Whoever is not known yet may do nothing. */
const nobody = new Caller({ name: "nobody", scopes: new Map(), accounts: [], limits: boundless });

declare module "fastify" {
  interface FastifyRequest {
    /** What is gathered about it. A property, for a map of requests costs the collector more than the rest of the record. */
    record: RequestRecord | null;
  }
}

/** What a request tells of itself; worked out when it is asked for, which of most requests is never. */
class LazyFacts implements RequestFacts {
  readonly requestId: string;
  caller = nobody;
  readonly #sent: IncomingHttpHeaders;
  readonly #logger: StructuredLogger;
  readonly #isTraceToldToSites: boolean;
  #shown: Readonly<IncomingHttpHeaders> | null = null;
  #marks: RequestMarks | null = null;

  constructor(
    readonly record: RequestRecord,
    request: FastifyRequest,
    logger: StructuredLogger,
    isTraceToldToSites: boolean,
  ) {
    this.requestId = request.id;
    this.#sent = request.headers;
    this.#logger = logger;
    this.#isTraceToldToSites = isTraceToldToSites;
  }

  get headers(): Readonly<IncomingHttpHeaders> {
    if (this.#shown === null) {
      const { authorization: _authorization, cookie: _cookie, ...headers } = this.#sent;
      this.#shown = headers;
    }
    return this.#shown;
  }

  header(name: string): string | undefined {
    if (name === "authorization" || name === "cookie") return undefined;
    const value = this.#sent[name];
    return Array.isArray(value) ? value[0] : value;
  }

  /** Nothing that was read before then may answer it, whether or not its caller said so. */
  freshSinceMs: number | null = null;
  /** It must not be behind any of them. */
  positions: readonly string[] = [];

  get isFreshWanted(): boolean {
    return this.freshSinceMs !== null || this.isFreshAsked;
  }

  get isFreshAsked(): boolean {
    const asked = this.#sent["cache-control"];
    return asked !== undefined && /(^|[\s,])no-cache([\s,]|$)/i.test(asked);
  }

  get logger(): StructuredLogger {
    return logFor(this.marks, this.#logger);
  }

  get marks(): RequestMarks {
    this.#marks ??= this.#marksIn(null);
    return this.#marks;
  }

  /** From now on what is done for the request is told in a span. */
  beginSpan(tracing: Tracing): Span {
    const marks = this.#marksIn(tracing);
    this.#marks = marks;
    if (marks.span === null) throw new Error("Tracing that begins no span.");
    return marks.span;
  }

  #marksIn(tracing: Tracing | null): RequestMarks {
    return marksOf(this.requestId, this.#sent, { isTraceToldToSites: this.#isTraceToldToSites, tracing });
  }
}

/** What is gathered about one HTTP request on its way, for its line in the log and the status of its answer. */
export class RequestRecord {
  readonly facts: LazyFacts;
  /** The answer is a GraphQL request error: the document did not parse, did not validate, or variables did not fit. */
  isRequestError = false;
  /** It is one operation by POST in JSON, as most are. */
  comesPlainly = false;
  /** It is several operations. */
  isBatch = false;
  /** What it asks by its text, where the same text asks the same. */
  body: AskedBody | null = null;
  /** What was sent is longer than anything that is worth knowing again. */
  isBodyLong = false;
  /** What is done for it, where that is not done at once. */
  work: Promise<unknown> | null = null;
  readonly startedAtMs = performance.now();
  /** Operations that were answered. */
  queries = 0;
  mutations = 0;
  #operations: string[] | null = null;
  #errorCodes: Set<string> | null = null;
  #atEnd: (() => void)[] | null = [];

  private constructor(request: FastifyRequest, logger: StructuredLogger, isTraceToldToSites: boolean) {
    this.facts = new LazyFacts(this, request, logger, isTraceToldToSites);
  }

  static start(request: FastifyRequest, logger: StructuredLogger, isTraceToldToSites: boolean): RequestRecord {
    const record = new RequestRecord(request, logger, isTraceToldToSites);
    request.record = record;
    return record;
  }

  static of(request: FastifyRequest): RequestRecord | undefined {
    // What the framework refuses for its address has none.
    return request.record ?? undefined;
  }

  /** The record of the request that a GraphQL context was made for. */
  static behind(facts: RequestFacts): RequestRecord | undefined {
    return facts instanceof LazyFacts ? facts.record : undefined;
  }

  addOperation(name: string): void {
    this.#operations ??= [];
    if (this.#operations.length < serverLimits.loggedNames) {
      this.#operations.push(name.slice(0, serverLimits.loggedNameLength));
    }
  }

  addErrorCode(code: string): void {
    this.#errorCodes ??= new Set();
    if (this.#errorCodes.size < serverLimits.loggedNames) {
      this.#errorCodes.add(code.slice(0, serverLimits.loggedNameLength));
    }
  }

  /** Notes what was answered to a query, for the log and for who counts. */
  noteAnswer(operationName: string | null, errorCodes: readonly string[]): void {
    this.queries += 1;
    if (operationName !== null) this.addOperation(operationName);
    for (const code of errorCodes) this.addErrorCode(code);
  }

  get hasErrorCode(): boolean {
    return this.#errorCodes !== null;
  }

  /** Names of operations and codes of errors so far. */
  get told(): { readonly operations: readonly string[]; readonly errorCodes: readonly string[] } {
    return { operations: this.#operations ?? [], errorCodes: [...(this.#errorCodes ?? [])] };
  }

  /** `null` where nobody knows who asked. */
  get knownCaller(): Caller | null {
    return this.facts.caller === nobody ? null : this.facts.caller;
  }

  /** Who waits for the answer: gone when the client hangs up, or its time is over. */
  readonly client = new Leaver();

  /** Done when the answer is out, or its client gone; at once where that is over. */
  whenEnded(work: () => void): void {
    if (this.#atEnd === null) work();
    else this.#atEnd.push(work);
  }

  /** Done when nothing goes on for it any more: a change is carried out to its end, whether or not its client waits for it. */
  whenOver(then: () => void): void {
    this.whenEnded(() => {
      if (this.work === null) then();
      else this.work.then(then, then);
    });
  }

  end(): void {
    const works = this.#atEnd ?? [];
    this.#atEnd = null;
    for (const work of works) work();
  }

  /** What of it is counted. */
  counted(route: string, status: EndedRequest["status"]): EndedRequest {
    return {
      route,
      status,
      queries: this.queries,
      mutations: this.mutations,
      seconds: (performance.now() - this.startedAtMs) / 1_000,
      errorCodes: this.#errorCodes ?? [],
      caller: this.knownCaller,
    };
  }

  /** Fields of the request's line. Variables and queries are not among them: they name people. */
  summary(method: string, path: string | undefined, status: number): Record<string, unknown> {
    const fields: Record<string, unknown> = { method, path, status };
    if (this.facts.caller !== nobody) fields.caller = this.facts.caller.name;
    if (this.#operations !== null) fields.operation = this.#operations.join(", ");
    if (this.#errorCodes !== null) fields.errorCodes = [...this.#errorCodes];
    fields.durationMs = Math.round((performance.now() - this.startedAtMs) * 10) / 10;
    return fields;
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
        async willSendResponse({ contextValue, operation, operationName, errors, response, requestIsBatched }) {
          const record = RequestRecord.behind(contextValue.request);
          if (record === undefined || response.body.kind !== "single") return;
          if (typeof operationName === "string") record.addOperation(operationName);
          if (operation?.operation === "mutation") record.mutations += 1;
          else if (operation !== undefined) record.queries += 1;
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
  const { socket } = request;
  const timer = setTimeout(() => socket.destroy(), discardMs).unref();
  const settle = () => {
    clearTimeout(timer);
    // It goes on to be asked, and would hold all that was ever refused on it.
    socket.off("close", settle);
  };
  request.once("end", settle);
  socket.once("close", settle);
  request.resume();
}
