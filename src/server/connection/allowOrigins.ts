import type { FastifyInstance } from "fastify";

const askedFor =
  "authorization, content-type, cache-control, x-request-id, x-requested-by, x-include-cost, x-access-graph-position, traceparent, tracestate, apollo-require-preflight, apollographql-client-name, apollographql-client-version, graphql-client-name";
const keptSeconds = 600;

/**
 * Lets web pages of some origins ask at /graphql and read what is answered. The question of a browser beforehand is answered without
 * a token, which it never has; the request itself needs one like any other. Cookies are taken from nobody.
 */
export function allowOrigins(fastify: FastifyInstance, origins: readonly string[]): void {
  const allowed = new Set(origins);
  fastify.addHook("onRequest", (request, reply, done) => {
    if (request.url.split("?", 1)[0] !== "/graphql") return done();
    const { origin } = request.headers;
    // Which origin asks decides about the answer: who keeps answers must not give one to another.
    reply.header("vary", "origin");
    if (origin === undefined || !allowed.has(origin)) return done();
    reply
      .header("access-control-allow-origin", origin)
      .header("access-control-expose-headers", "x-request-id, retry-after, x-access-graph-position");
    if (request.method !== "OPTIONS" || request.headers["access-control-request-method"] === undefined) return done();
    reply
      .code(204)
      .header("access-control-allow-methods", "GET, POST")
      .header("access-control-allow-headers", askedFor)
      .header("access-control-max-age", String(keptSeconds))
      .send();
  });
}
