import { timingSafeEqual } from "node:crypto";
import type { FastifyInstance } from "fastify";
import type { Callers } from "../../callers/Callers.js";
import { digestOf } from "../../callers/TokenTable.js";
import type { MetricsConfig } from "../../config/Config.js";
import { type MetricFamily, metricsMediaType, renderMetrics } from "../../observability/metrics/families.js";
import type { EncodeAnswer } from "../answers/encoding.js";
import { refusalOf } from "../requests/callers.js";
import { type Refusal, sendRefusal } from "../requests/refusals.js";

export interface MetricsSources {
  readonly families: () => readonly MetricFamily[];
  readonly callers: Callers;
  readonly config: MetricsConfig;
  readonly encode: EncodeAnswer;
  /** The realm of the token. */
  readonly realm: string;
  /** Whoever can reach it is on this machine, and nothing else is served there: nobody is asked. */
  readonly isForThisMachine?: boolean;
}

/**
 * /metrics, in Prometheus' text format, for who presents the scraper's token. Where there is no such token: for callers who may
 * do everything, and for anyone where nobody is asked who they are, which is on this machine alone.
 */
export function registerMetrics(fastify: FastifyInstance, sources: MetricsSources): void {
  const refuse = createGate(sources);
  fastify.get("/metrics", { onSend: sources.encode }, async (request, reply) => {
    reply.header("cache-control", "no-store");
    const refusal = await refuse(request.headers.authorization);
    if (refusal !== null) return sendRefusal(reply, refusal);
    return reply.type(metricsMediaType).send(renderMetrics(sources.families()));
  });
}

function createGate({
  callers,
  config,
  realm,
  isForThisMachine = false,
}: MetricsSources): (authorization?: string) => Promise<Refusal | null> {
  if (config.token !== null) {
    const wanted = digestOf(config.token.reveal());
    return async (authorization) => {
      const presented = /^Bearer +(\S+) *$/i.exec(authorization ?? "")?.[1];
      if (presented === undefined) return refusalOf("missing", realm);
      return timingSafeEqual(digestOf(presented), wanted) ? null : refusalOf("refused", realm);
    };
  }
  if (isForThisMachine) return async () => null;
  return async (authorization) => {
    const identified = await callers.identify(authorization);
    if (identified.kind !== "known") return refusalOf(identified.kind, realm);
    if (identified.caller.holdsEverything) return null;
    return {
      status: 403,
      code: "FORBIDDEN",
      message: "The metrics are shown to callers with every scope; set METRICS_TOKEN for a scraper of its own.",
    };
  };
}
