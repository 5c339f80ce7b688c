import { isLoopbackHost } from "../config/Config.js";
import { registerSecret } from "../observability/redact.js";
import { checkHost } from "./callers.js";
import { createFastify } from "./createFastify.js";
import { registerGraphiql } from "./graphiql/page.js";
import { registerGraphql } from "./graphql.js";
import { registerHealth } from "./health.js";
import { serverLimits } from "./limits.js";
import { CannotListen, listen } from "./listen.js";
import { registerMetrics } from "./metrics/metricsPage.js";
import { ServerMetrics } from "./metrics/ServerMetrics.js";
import { createApollo } from "./operations/createApollo.js";
import { DocumentStore } from "./operations/DocumentStore.js";
import { limitDuration, sendRefusal } from "./refusals.js";
import { registerRequestLog } from "./requestLog.js";
import type { ServerContext, ServerOptions } from "./ServerOptions.js";
import { createShutdown, InFlight } from "./shutdown.js";

/**
 * Serves the schema over HTTP, with GraphiQL and health pages, and resolves once it listens. Prints nothing.
 * @throws {CannotListen} where it may not or cannot listen; the message says what to change.
 */
export async function startServer<Context extends ServerContext>(
  options: ServerOptions<Context>,
): Promise<RunningServer> {
  const { config, product, callers, logger, readiness, onClose = () => undefined } = options;
  const isLoopbackOnly = callers.isOpen;
  if (isLoopbackOnly && !isLoopbackHost(config.host)) {
    throw new CannotListen(
      `The server refuses to listen on ${config.host} without caller authentication: set CALLER_TOKEN, CALLERS_FILE or JWT_ISSUER, or listen on 127.0.0.1.`,
    );
  }

  for (const secret of [config.callerToken, config.metrics.token]) if (secret !== null) registerSecret(secret);
  callers.watch();

  const documents = new DocumentStore({
    totalCharacters: serverLimits.documentStoreCharacters,
    longestDocument: serverLimits.documentStoreLongest,
  });
  const apollo = createApollo(options, documents);
  await apollo.start();
  const fastify = createFastify({ config, logger });
  const inFlight = new InFlight();
  const shutdown = createShutdown({
    ...{ fastify, apollo, inFlight, logger, graceMs: config.shutdownGraceMs },
    onClose: async () => {
      callers.close();
      await onClose();
    },
  });
  const { isDraining, close, closeNow } = shutdown;

  const metrics = new ServerMetrics(() => inFlight.owed);
  registerRequestLog(fastify, { logger, inFlight, isDraining, metrics });
  limitDuration(fastify, config.requestTimeLimitMs);
  let lastGood: string | undefined;
  fastify.addHook("onRequest", (request, reply, done) => {
    const { host } = request.headers;
    if (host !== undefined && host === lastGood) return done();
    const refusal = checkHost(host, isLoopbackOnly);
    if (refusal !== null) return void sendRefusal(reply, refusal);
    lastGood = host;
    done();
  });
  registerGraphql(fastify, apollo, documents, options);
  registerGraphiql(fastify, product);
  registerHealth(fastify, { readiness, isDraining });
  registerMetrics(fastify, {
    ...{ callers, config: config.metrics, realm: product.name },
    families: () => [...metrics.families(), ...(options.metrics?.() ?? [])],
  });

  try {
    const url = await listen(fastify, config);
    return {
      url,
      graphqlUrl: `${url}/graphql`,
      graphiqlUrl: `${url}/graphiql`,
      reload: () => callers.reload(),
      close,
      closeNow,
    };
  } catch (error) {
    callers.close();
    await fastify.close();
    await apollo.stop();
    throw error;
  }
}

/** A server that listens. */
export interface RunningServer {
  /** Without a trailing slash, with the port that was really taken: `http://127.0.0.1:4000`. */
  readonly url: string;
  readonly graphqlUrl: string;
  readonly graphiqlUrl: string;
  /** Reads again what may change while it runs: the callers' file. */
  reload(): Promise<void>;
  /**
   * Not ready from this moment, no new connections; resolves when the requests in flight are answered, or cut off after
   * the grace period. Calling it again waits for the same end.
   */
  close(): Promise<void>;
  /** As `close`, without waiting for requests in flight. Also cuts a running `close` short. */
  closeNow(): Promise<void>;
}
