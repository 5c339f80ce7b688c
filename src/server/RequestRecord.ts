import type { FastifyRequest } from "fastify";
import type { StructuredLogger } from "../observability/StructuredLogger.js";
import type { RequestFacts } from "./RequestFacts.js";
import { serverLimits } from "./serverLimits.js";

const byRequest = new WeakMap<FastifyRequest, RequestRecord>();
const byFacts = new WeakMap<RequestFacts, RequestRecord>();

/** What is gathered about one HTTP request on its way, for its line in the log and the status of its answer. */
export class RequestRecord {
  readonly facts: RequestFacts;
  /** The answer is a GraphQL request error: the document did not parse, did not validate, or variables did not fit. */
  isRequestError = false;
  readonly #startedAt = performance.now();
  readonly #operations: string[] = [];
  readonly #errorCodes = new Set<string>();

  private constructor(request: FastifyRequest, logger: StructuredLogger) {
    const { authorization: _authorization, cookie: _cookie, ...headers } = request.headers;
    this.facts = {
      requestId: request.id,
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

  get hasErrorCode(): boolean {
    return this.#errorCodes.size > 0;
  }

  /** Fields of the request's line. Variables and queries are not among them: they name people. */
  summary(): Record<string, unknown> {
    return {
      ...(this.#operations.length === 0 ? {} : { operation: this.#operations.join(", ") }),
      ...(this.#errorCodes.size === 0 ? {} : { errorCodes: [...this.#errorCodes] }),
      durationMs: Math.round((performance.now() - this.#startedAt) * 10) / 10,
    };
  }
}
