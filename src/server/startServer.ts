import type { IncomingMessage, ServerResponse } from "node:http";
import { isLoopbackHost, type ServerConfig } from "../config/Config.js";
import { registerSecret } from "../observability/redact.js";
import { encodeAnswers, FormsOfFiles, type KeptForms, sendAsIs } from "./answers/encoding.js";
import { allowOrigins } from "./connection/allowOrigins.js";
import { createFastify } from "./connection/createFastify.js";
import { CannotListen, listen } from "./connection/listen.js";
import { registerGraphiql } from "./graphiql/page.js";
import { registerGraphql } from "./graphql.js";
import { type ReadinessReport, registerHealth } from "./lifecycle/health.js";
import { InFlight } from "./lifecycle/InFlight.js";
import { type CloseOptions, createShutdown } from "./lifecycle/shutdown.js";
import { serverLimits } from "./limits.js";
import { registerMetrics } from "./metrics/metricsPage.js";
import { openMetricsPort } from "./metrics/metricsPort.js";
import { type ConnectionRefusal, ServerMetrics } from "./metrics/ServerMetrics.js";
import { createApollo } from "./operations/createApollo.js";
import { DocumentStore } from "./operations/DocumentStore.js";
import { createQueryExecution } from "./operations/executeQuery.js";
import { inOurWords } from "./operations/showErrors.js";
import { OperationList } from "./persisted/OperationList.js";
import { checkHost, isHostDoubled, isReachedFromAfar, notFromAfar, twoHosts } from "./requests/callers.js";
import { limitDuration, refuseLate, sendRefusal, stopped } from "./requests/refusals.js";
import { registerRequestLog } from "./requests/requestLog.js";
import type { ServerContext, ServerOptions } from "./ServerOptions.js";

/**
 * Serves the schema over HTTP, with GraphiQL and health pages, and resolves once it listens. Prints nothing.
 * @throws {CannotListen} where it may not or cannot listen; the message says what to change.
 */
export async function startServer<Context extends ServerContext>(
  options: ServerOptions<Context>,
): Promise<RunningServer> {
  const { config, callers } = options;
  if (callers.isOpen && !isLoopbackHost(config.host)) {
    throw new CannotListen(
      `The server refuses to listen on ${config.host} without caller authentication: set CALLER_TOKEN, CALLERS_FILE or JWT_ISSUER, or listen on 127.0.0.1.`,
    );
  }
  const { listen: open, handle: _handle, ...server } = await openServer(options);
  const { url, metricsUrl } = await open();
  return { ...server, metricsUrl, url, graphqlUrl: `${url}/graphql`, graphiqlUrl: `${url}/graphiql` };
}

/** The same without a port: for a server of somebody else's, which hands its requests over. */
export async function openServer<Context extends ServerContext>(options: ServerOptions<Context>): Promise<OpenServer> {
  const { config, product, callers, logger, onClose = () => undefined } = options;
  const isLoopbackOnly = callers.isOpen;
  for (const secret of [config.callerToken, config.metrics.token]) if (secret !== null) registerSecret(secret);
  callers.watch();
  const { operations } = config;
  const list =
    operations === null ? null : await OperationList.open({ file: operations, clock: options.clock, logger });
  list?.watch();

  const documents = new DocumentStore({
    maxBytes: serverLimits.documentStoreBytes,
    maxOnceBytes: serverLimits.documentStoreOnceBytes,
    maxDocumentBytes: serverLimits.documentStoreLargestBytes,
  });
  const execution = createQueryExecution(options.schema, inOurWords(options.formatError ?? ((shown) => shown)));
  const apollo = createApollo(options, documents, execution);
  await apollo.start();
  const inFlight = new InFlight();
  const metrics = new ServerMetrics({ owed: () => inFlight.owed, documents: () => documents.counters() });
  const served = servedHere(config);
  const refused = (code: ConnectionRefusal) => metrics.refusedBelow(code);
  const fastify = createFastify({ config, logger, served, refused, held: inFlight });
  const shutdown = createShutdown({
    ...{ fastify, apollo, inFlight, logger, graceMs: config.shutdownGraceMs, refuse: refuseLate },
    onClose: async () => {
      callers.close();
      list?.close();
      await onClose();
      await metricsPort?.close();
    },
  });
  let metricsPort: Awaited<ReturnType<typeof openMetricsPort>> | null = null;
  const { isDraining, isOver, close, closeNow } = shutdown;

  registerRequestLog(fastify, {
    ...{ logger, inFlight, isDraining, metrics },
    isTraceToldToSites: config.isTraceToldToSites,
  });
  limitDuration(fastify, inFlight, config.requestTimeLimitMs);
  let lastGood: string | undefined;
  fastify.addHook("onRequest", (request, reply, done) => {
    const { host } = request.headers;
    // A server around this one may go on handing requests over.
    if (isOver()) return void sendRefusal(reply, stopped);
    if (isHostDoubled(request.raw.rawHeaders)) return void sendRefusal(reply, twoHosts);
    if (isLoopbackOnly && isReachedFromAfar(request.raw)) return void sendRefusal(reply, notFromAfar);
    if (host !== undefined && host === lastGood) return done();
    const refusal = checkHost(host, isLoopbackOnly);
    if (refusal !== null) return void sendRefusal(reply, refusal);
    lastGood = host;
    done();
  });
  if (config.corsOrigins.length > 0) allowOrigins(fastify, config.corsOrigins);
  const encode = (kept: KeptForms | null) => (config.isCompressionOn ? encodeAnswers(kept) : sendAsIs);
  const graphql = { documents, execution, list, encode: encode(options.answers?.store ?? null) };
  registerGraphql(fastify, apollo, graphql, options);
  if (config.isGraphiqlServed) registerGraphiql(fastify, product, encode(new FormsOfFiles()));
  const trust = new Trust();
  registerHealth(fastify, {
    readiness: () => trust.temper(options.readiness()),
    isDraining,
    version: product.version,
  });
  const metricsPage = {
    ...{ callers, config: config.metrics, realm: product.name, encode: encode(null) },
    families: () => [...metrics.families(), ...(options.metrics?.() ?? [])],
  };
  if (config.metrics.ownPort === null) registerMetrics(fastify, metricsPage);

  await fastify.ready();
  return {
    handle: (request, response) => fastify.routing(request, response),
    listen: async () => {
      try {
        const url = await listen(fastify, config);
        const { ownPort } = config.metrics;
        // It is there to the end: what a stop does is worth seeing.
        metricsPort = ownPort === null ? null : await openMetricsPort(ownPort, metricsPage, logger);
        return { url, metricsUrl: `${metricsPort?.url ?? url}/metrics` };
      } catch (error) {
        callers.close();
        list?.close();
        await fastify.close();
        await apollo.stop();
        throw error;
      }
    },
    readiness: () => {
      const report = trust.temper(options.readiness());
      return { ...report, isReady: report.isReady && !isDraining() };
    },
    reload: async () => void (await Promise.all([callers.reload(), list?.reload()])),
    distrust: (errorId) => trust.lose(errorId),
    close,
    closeNow,
  };
}

/** For whoever asks for something else. */
function servedHere({ isGraphiqlServed }: Pick<ServerConfig, "isGraphiqlServed">): string {
  const explorer = isGraphiqlServed ? ", its explorer at /graphiql" : "";
  return `Nothing is served here. GraphQL is at /graphql${explorer}, health at /health/ready and /health/live.`;
}

/** Whether what this process holds can be relied upon. Once lost, only a new process has it. */
class Trust {
  #lostTo: string | null = null;

  lose(errorId: string): void {
    this.#lostTo ??= errorId;
  }

  temper(report: ReadinessReport): ReadinessReport {
    if (this.#lostTo === null) return report;
    const reason = "PROCESS_IN_DOUBT";
    const sites = report.sites.map((site) => ({ ...site, isReady: false, reason }));
    return { isReady: false, errorId: this.#lostTo, sites };
  }
}

/** A server that listens. */
export interface RunningServer extends LivingServer {
  /** Without a trailing slash, with the port that was really taken: `http://127.0.0.1:4000`. */
  readonly url: string;
  readonly graphqlUrl: string;
  readonly graphiqlUrl: string;
  readonly metricsUrl: string;
}

/** A server that answers what it is handed, and listens where that is asked for. */
export interface OpenServer extends LivingServer {
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** Resolves with the addresses. */
  listen(): Promise<Pick<RunningServer, "url" | "metricsUrl">>;
}

interface LivingServer {
  /** As /health/ready tells it; not ready once it is closing. */
  readiness(): ReadinessReport;
  /** Reads again what may change while it runs: the files of callers and of operations. */
  reload(): Promise<void>;
  /** Not ready for any site from now on: something unforeseen, which the log has under this id, has left the process in doubt. */
  distrust(errorId: string): void;
  /**
   * Not ready from this moment, and after lingering, where that is asked for, no new connections; resolves when the requests in flight are answered, or refused after
   * the grace period. Calling it again waits for the same end.
   */
  close(options?: CloseOptions): Promise<void>;
  /** As `close`, without waiting for requests in flight. Also cuts a running `close` short. */
  closeNow(): Promise<void>;
}
