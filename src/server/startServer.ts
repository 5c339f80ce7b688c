import { isLoopbackHost } from "../config/Config.js";
import { registerSecret } from "../observability/registerSecret.js";
import { checkHost } from "./checkHost.js";
import { createApollo } from "./createApollo.js";
import { createFastify } from "./createFastify.js";
import { createShutdown } from "./createShutdown.js";
import { registerGraphiql } from "./graphiql/registerGraphiql.js";
import { InFlight } from "./InFlight.js";
import { limitDuration } from "./limitDuration.js";
import { CannotListen, listen } from "./listen.js";
import type { RunningServer } from "./RunningServer.js";
import { registerGraphql } from "./registerGraphql.js";
import { registerHealth } from "./registerHealth.js";
import { registerRequestLog } from "./registerRequestLog.js";
import type { ServerContext } from "./ServerContext.js";
import type { ServerOptions } from "./ServerOptions.js";
import { sendRefusal } from "./sendRefusal.js";

/**
 * Serves the schema over HTTP, with GraphiQL and health pages, and resolves once it listens. Prints nothing.
 * @throws {CannotListen} where it may not or cannot listen; the message says what to change.
 */
export async function startServer<Context extends ServerContext>(
  options: ServerOptions<Context>,
): Promise<RunningServer> {
  const { config, logger, readiness, onClose = () => undefined } = options;
  const isLoopbackOnly = config.callerToken === null;
  if (isLoopbackOnly && !isLoopbackHost(config.host)) {
    throw new CannotListen(
      `The server refuses to listen on ${config.host} without caller authentication: set CALLER_TOKEN, or listen on 127.0.0.1.`,
    );
  }

  if (config.callerToken !== null) registerSecret(config.callerToken);

  const apollo = createApollo(options);
  await apollo.start();
  const fastify = createFastify({ config, logger });
  const inFlight = new InFlight();
  const shutdown = createShutdown({ fastify, apollo, inFlight, logger, graceMs: config.shutdownGraceMs, onClose });
  const { isDraining, close, closeNow } = shutdown;

  registerRequestLog(fastify, { logger, inFlight, isDraining });
  limitDuration(fastify, config.requestTimeLimitMs);
  fastify.addHook("onRequest", async (request, reply) => {
    const refusal = checkHost(request.headers.host, isLoopbackOnly);
    if (refusal !== null) return sendRefusal(reply, refusal);
  });
  registerGraphql(fastify, apollo, options);
  registerGraphiql(fastify);
  registerHealth(fastify, { readiness, isDraining });

  try {
    const url = await listen(fastify, config);
    return { url, graphqlUrl: `${url}/graphql`, graphiqlUrl: `${url}/graphiql`, close, closeNow };
  } catch (error) {
    await fastify.close();
    await apollo.stop();
    throw error;
  }
}
