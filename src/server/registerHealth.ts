import type { FastifyInstance } from "fastify";
import { redact } from "../observability/redact.js";
import type { ReadinessReport } from "./ReadinessReport.js";

interface HealthSources {
  readonly readiness: () => ReadinessReport;
  readonly isDraining: () => boolean;
}

/** /health/live: the process runs. /health/ready: requests are worth sending here; otherwise 503 says why, site by site. */
export function registerHealth(fastify: FastifyInstance, { readiness, isDraining }: HealthSources): void {
  fastify.get("/health/live", async (_request, reply) => {
    reply.header("cache-control", "no-store");
    return { status: "live" };
  });

  fastify.get("/health/ready", async (_request, reply) => {
    const report = readiness();
    const status = isDraining() ? "draining" : report.isReady ? "ready" : "not ready";
    reply.header("cache-control", "no-store").code(status === "ready" ? 200 : 503);
    return {
      status,
      sites: report.sites.map(({ siteId, name, isReady, reason }) => ({
        siteId,
        name,
        isReady,
        reason: reason === null ? null : redact(reason),
      })),
    };
  });
}
