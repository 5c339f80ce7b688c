import type { FastifyReply } from "fastify";
import type { Refusal } from "./Refusal.js";
import { RequestRecord } from "./RequestRecord.js";

const graphqlMediaType = "application/graphql-response+json";

/** Answers in GraphQL's shape, so that a client reads a refusal as it reads any other error. */
export function sendRefusal(reply: FastifyReply, refusal: Refusal): FastifyReply {
  const { request } = reply;
  RequestRecord.of(request)?.addErrorCode(refusal.code);
  const accepted = request.headers.accept ?? "";
  const mediaType = accepted.includes(graphqlMediaType) ? graphqlMediaType : "application/json";
  // Fastify would close the connection at once, and a client that is still sending would see a reset, not the answer.
  reply.removeHeader("connection");
  return reply
    .code(refusal.status)
    .headers(refusal.headers ?? {})
    .header("content-type", `${mediaType}; charset=utf-8`)
    .send(
      JSON.stringify({
        errors: [{ message: refusal.message, extensions: { code: refusal.code, ...refusal.extensions } }],
      }),
    );
}
