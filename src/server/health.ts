import type { FastifyInstance } from "fastify";
import { redact } from "../observability/redact.js";

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

/** Whether requests can be answered, and which site stands in the way. Reasons are shown to anyone: no secrets. */
export interface ReadinessReport {
  readonly isReady: boolean;
  readonly sites: readonly SiteReadiness[];
}

export interface SiteReadiness {
  readonly siteId: string;
  readonly name: string;
  readonly isReady: boolean;
  /** What is wrong and what to do; `null` when nothing is. */
  readonly reason: string | null;
}
