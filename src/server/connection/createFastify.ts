import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { ServerConfig } from "../../config/Config.js";
import type { StructuredLogger } from "../../observability/Logger.js";
import type { InFlight } from "../lifecycle/InFlight.js";
import { serverLimits } from "../limits.js";
import type { ConnectionRefusal } from "../metrics/ServerMetrics.js";
import { type Refusal, sendRefusal } from "../requests/refusals.js";
import { boundPipelines } from "./boundPipelines.js";
import { TooDeep } from "./JsonInPieces.js";

interface FastifySources {
  readonly config: Pick<ServerConfig, "bodyLimitBytes">;
  readonly logger: StructuredLogger;
  /** Hears of requests that have come and are not begun. */
  readonly held?: Pick<InFlight, "hold" | "letGo">;
  /** What is answered to whoever asks for something else. */
  readonly served: string;
  /** Hears the code of each refusal of what never becomes a request that is followed. */
  readonly refused?: (code: ConnectionRefusal) => void;
  /** How long who was refused below HTTP may leave the connection open, saying nothing. */
  readonly refusedMs?: number;
}

/** The HTTP framework, set to answer everything that it refuses in GraphQL's shape. */
export function createFastify({
  config,
  logger,
  refused = () => undefined,
  refusedMs = 5_000,
  served,
  held,
}: FastifySources): FastifyInstance {
  const answerError = (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
    const refusal = error instanceof TooDeep ? tooDeep(error) : mapFrameworkError(error, config);
    if (refusal !== null) return sendRefusal(reply, refusal);
    logger.error({ requestId: request.id, error }, "a request failed in the HTTP layer");
    return sendRefusal(reply, {
      status: 500,
      code: "INTERNAL",
      message: `The request failed inside the server. Its id in the log is ${request.id}.`,
    });
  };

  const fastify = Fastify({
    logger: false,
    bodyLimit: config.bodyLimitBytes,
    http: {
      headersTimeout: serverLimits.headersTimeoutMs,
      connectionsCheckingInterval: serverLimits.connectionsCheckMs,
      // Node would refuse a request without one by an answer without a word; checkHost says what is missing.
      requireHostHeader: false,
    },
    requestTimeout: serverLimits.requestTimeoutMs,
    keepAliveTimeout: serverLimits.keepAliveTimeoutMs,
    // A request that arrives on an open connection during shutdown is still answered; the grace period bounds it.
    return503OnClosing: false,
    genReqId: chooseRequestId,
    schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
    clientErrorHandler: (fault, socket) => {
      answerClientError(fault, socket, refused);
      // Whoever does not read does not see that it is over, and would keep this half of the connection, and a request, for ever.
      socket.setTimeout(refusedMs, () => void socket.destroy());
    },
    frameworkErrors: (error, request, reply: FastifyReply) => {
      refused("MALFORMED_REQUEST");
      answerError(error, request, reply);
    },
  });

  fastify.server.maxConnections = serverLimits.maxConnections;
  fastify.server.on("drop", () => refused("TOO_MANY_CONNECTIONS"));
  boundPipelines(fastify.server, held === undefined ? {} : { held });
  destroyUnread(fastify, serverLimits.unreadMs);

  // Only JSON is GraphQL over HTTP, and a text/plain body is what a cross-site form could send.
  fastify.removeContentTypeParser("text/plain");
  fastify.setErrorHandler(answerError);
  fastify.setNotFoundHandler((_request, reply) =>
    sendRefusal(reply, {
      status: 404,
      code: "NOT_FOUND",
      message: served,
    }),
  );
  return fastify;
}

/** No route has a schema of the framework's kind. Loading what it would compile them with is a twentieth of a start. */
function noSchemas(): never {
  throw new Error("A route with a schema, which nothing here can compile.");
}

/**
 * A client that asks and then reads nothing would keep its answer here for ever. The time counts anew whenever it takes some of
 * it; once all is handed over, the connection is an idle one like others.
 */
export function destroyUnread(fastify: FastifyInstance, unreadMs: number): void {
  const timed = new WeakMap<Socket, ServerResponse>();
  const timeReader = (raw: ServerResponse, socket: Socket) => {
    timed.set(socket, raw);
    socket.setTimeout(unreadMs);
    raw.once("finish", () => {
      // Where another request follows on the connection already, nothing else would end the time. That of its answer may have begun.
      if (timed.get(socket) === raw && socket.timeout === unreadMs) socket.setTimeout(0);
    });
  };
  fastify.addHook("onSend", (_request, { raw }, payload, done) => {
    const { socket } = raw;
    const isWhole = typeof payload === "string" || Buffer.isBuffer(payload);
    const isShort = isWhole && payload.length < serverLimits.unreadBytes;
    // One that waits behind others has its connection when they are out.
    if (socket === null) raw.once("socket", (given: Socket) => timeReader(raw, given));
    else if (!isShort || socket.writableLength > 0) timeReader(raw, socket);
    done();
  });
}

const usable = /^[A-Za-z0-9._:/+=-]{1,128}$/;

/** The caller's `X-Request-Id` where it is short and plain enough for a log and a header; otherwise a new one. */
function chooseRequestId(request: Pick<IncomingMessage, "headers">): string {
  const given = request.headers["x-request-id"];
  return typeof given === "string" && usable.test(given) ? given : randomUUID();
}

interface FrameworkError {
  readonly code?: string;
  readonly statusCode?: number;
}

interface FrameworkLimits {
  readonly bodyLimitBytes: number;
}

/** What the framework refuses, with our stable codes. `null`: not a refusal but a fault of ours. */
function mapFrameworkError(error: FrameworkError, limits: FrameworkLimits): Refusal | null {
  switch (error.code) {
    case "FST_ERR_CTP_BODY_TOO_LARGE":
      return {
        status: 413,
        code: "REQUEST_TOO_LARGE",
        message: `The request body is larger than ${Math.floor(limits.bodyLimitBytes / 1024)} KiB. Send fewer operations or smaller variables.`,
      };
    case "FST_ERR_CTP_INVALID_MEDIA_TYPE":
      return {
        status: 415,
        code: "UNSUPPORTED_MEDIA_TYPE",
        message: "The request body must be JSON: send it with Content-Type: application/json.",
      };
    case "FST_ERR_CTP_EMPTY_JSON_BODY":
    case "FST_ERR_CTP_INVALID_JSON_BODY":
      return {
        status: 400,
        code: "MALFORMED_JSON",
        message: 'The request body is not JSON. A GraphQL request is an object such as {"query": "{ __typename }"}.',
      };
    default:
      if (error.statusCode === undefined || error.statusCode < 400 || error.statusCode >= 500) return null;
      return {
        status: error.statusCode,
        code: "MALFORMED_REQUEST",
        message: "The HTTP request is malformed: check its address, its headers and its length.",
      };
  }
}

function tooDeep({ levels }: TooDeep): Refusal {
  return {
    status: 400,
    code: "MALFORMED_JSON",
    message: `Lists and objects of the request body are nested in more than ${levels.toLocaleString("en-US")} levels, which nothing that is asked here needs.`,
  };
}

interface ConnectionFault {
  readonly code?: string;
}

/** Answers what is not even an HTTP request, in GraphQL's shape, and closes the connection. */
function answerClientError(fault: ConnectionFault, socket: Socket, refused: (code: ConnectionRefusal) => void): void {
  if (fault.code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  const [status, code, message] = describe(fault.code);
  refused(code);
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const body = JSON.stringify({ errors: [{ message, extensions: { code } }] });
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

function describe(code: string | undefined): [status: string, code: ConnectionRefusal, message: string] {
  if (code === "HPE_HEADER_OVERFLOW") {
    return [
      "431 Request Header Fields Too Large",
      "HEADERS_TOO_LARGE",
      "The address and the headers together are too long. Send long queries by POST.",
    ];
  }
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") {
    return ["408 Request Timeout", "REQUEST_TIMEOUT", "The request did not arrive in time."];
  }
  return ["400 Bad Request", "MALFORMED_REQUEST", "This is not an HTTP request that can be read."];
}
