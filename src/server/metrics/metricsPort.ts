import { isLoopbackHost } from "../../config/Config.js";
import type { StructuredLogger } from "../../observability/Logger.js";
import { createFastify } from "../connection/createFastify.js";
import { listen } from "../connection/listen.js";
import { checkHost } from "../requests/callers.js";
import { sendRefusal } from "../requests/refusals.js";
import { type MetricsSources, registerMetrics } from "./metricsPage.js";

/** A port for metrics alone, so that who may reach the graph and who may reach its numbers is decided apart. */
interface MetricsPort {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/**
 * Opens it. Where it listens for this machine alone and there is no scraper's token, nobody is asked for one.
 * @throws {CannotListen}
 */
export async function openMetricsPort(
  { host, port }: { readonly host: string; readonly port: number },
  sources: MetricsSources,
  logger: StructuredLogger,
): Promise<MetricsPort> {
  const served = "Nothing is served here but /metrics.";
  const fastify = createFastify({ config: { bodyLimitBytes: 1_024 }, logger, served });
  const isLoopbackOnly = isLoopbackHost(host);
  fastify.addHook("onRequest", (request, reply, done) => {
    const refusal = checkHost(request.headers.host, isLoopbackOnly && sources.config.token === null);
    if (refusal !== null) return void sendRefusal(reply, refusal);
    done();
  });
  registerMetrics(fastify, { ...sources, isForThisMachine: isLoopbackOnly });
  const url = await listen(fastify, { host, port }, "METRICS_");
  return {
    url,
    close: async () => {
      fastify.server.closeAllConnections();
      await fastify.close();
    },
  };
}
