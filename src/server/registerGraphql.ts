import type { ApolloServer } from "@apollo/server";
import { fastifyApolloHandler } from "@as-integrations/fastify";
import type { FastifyInstance } from "fastify";
import { createCallerCheck } from "./createCallerCheck.js";
import { RequestRecord } from "./RequestRecord.js";
import type { ServerContext } from "./ServerContext.js";
import type { ServerOptions } from "./ServerOptions.js";
import { sendRefusal } from "./sendRefusal.js";

const path = "/graphql";

/** GraphQL over HTTP at /graphql: callers are checked before a body is read, and batches before anything runs. */
export function registerGraphql<Context extends ServerContext>(
  fastify: FastifyInstance,
  apollo: ApolloServer<Context>,
  { config, logger, createContext }: ServerOptions<Context>,
): void {
  const checkCaller = config.callerToken === null ? () => null : createCallerCheck(config.callerToken);

  fastify.route({
    method: ["GET", "POST"],
    url: path,
    exposeHeadRoute: false,
    onRequest: async (request, reply) => {
      reply.header("cache-control", "no-store");
      const refusal = checkCaller(request.headers.authorization);
      if (refusal !== null) return sendRefusal(reply, refusal);
    },
    preHandler: async (request, reply) => {
      if (!Array.isArray(request.body) || request.body.length <= config.batchLimit) return;
      return sendRefusal(reply, {
        status: 400,
        code: "BATCH_TOO_LARGE",
        message: `The batch has ${request.body.length} operations, and at most ${config.batchLimit} are answered in one request. Send several requests.`,
      });
    },
    // GraphQL over HTTP: a client that asks for application/json gets 200 with `errors` where its document or variables
    // are at fault; one that asks for application/graphql-response+json gets the 400 that Apollo answers to both.
    onSend: async (request, reply) => {
      const isPlainJson = String(reply.getHeader("content-type")).startsWith("application/json");
      const record = RequestRecord.of(request);
      // What Apollo refuses before there is an operation passes no hook of its plugins.
      if (reply.statusCode === 400 && record?.hasErrorCode === false) record.addErrorCode("BAD_REQUEST");
      if (isPlainJson && reply.statusCode === 400 && record?.isRequestError) reply.code(200);
    },
    handler: fastifyApolloHandler(apollo, {
      context: async (request) => {
        const record = RequestRecord.of(request) ?? RequestRecord.start(request, logger);
        return createContext(record.facts);
      },
    }),
  });

  fastify.route({
    method: ["DELETE", "HEAD", "OPTIONS", "PATCH", "PUT"],
    url: path,
    // Ahead of the body, which is of no interest here.
    onRequest: async (_request, reply) =>
      sendRefusal(reply, {
        status: 405,
        code: "METHOD_NOT_ALLOWED",
        message: "GraphQL is served by GET and POST.",
        headers: { allow: "GET, POST" },
      }),
    handler: async () => undefined,
  });
}
