import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { ServerConfig } from "../config/Config.js";
import type { StructuredLogger } from "../observability/StructuredLogger.js";
import { answerClientError } from "./answerClientError.js";
import { chooseRequestId } from "./chooseRequestId.js";
import { mapFrameworkError } from "./mapFrameworkError.js";
import { sendRefusal } from "./sendRefusal.js";
import { serverLimits } from "./serverLimits.js";

interface FastifySources {
  readonly config: Pick<ServerConfig, "bodyLimitBytes">;
  readonly logger: StructuredLogger;
}

/** The HTTP framework, set to answer everything that it refuses in GraphQL's shape. */
export function createFastify({ config, logger }: FastifySources): FastifyInstance {
  const answerError = (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
    const refusal = mapFrameworkError(error, config);
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
    requestTimeout: serverLimits.requestTimeoutMs,
    keepAliveTimeout: serverLimits.keepAliveTimeoutMs,
    // A request that arrives on an open connection during shutdown is still answered; the grace period bounds it.
    return503OnClosing: false,
    genReqId: chooseRequestId,
    clientErrorHandler: answerClientError,
    frameworkErrors: (error, request, reply: FastifyReply) => {
      answerError(error, request, reply);
    },
  });

  // Only JSON is GraphQL over HTTP, and a text/plain body is what a cross-site form could send.
  fastify.removeContentTypeParser("text/plain");
  fastify.setErrorHandler(answerError);
  fastify.setNotFoundHandler((_request, reply) =>
    sendRefusal(reply, {
      status: 404,
      code: "NOT_FOUND",
      message:
        "Nothing is served here. GraphQL is at /graphql, its explorer at /graphiql, health at /health/ready and /health/live.",
    }),
  );
  return fastify;
}
