import type { FastifyInstance } from "fastify";

interface HealthSources {
  readonly readiness: () => ReadinessReport;
  readonly isDraining: () => boolean;
  readonly version: string;
}

/**
 * /health/live: the process runs. /health/ready: requests are worth sending here; otherwise 503 says why, site by site, in words
 * of our own: anyone may look, and what a site said is nothing for strangers. The log has it. /health: both, and the version.
 */
export function registerHealth(fastify: FastifyInstance, { readiness, isDraining, version }: HealthSources): void {
  const report = () => {
    const { isReady, errorId, sites } = readiness();
    const status = isDraining() ? "draining" : isReady ? "ready" : "not ready";
    return {
      status,
      ...(errorId === undefined ? {} : { errorId }),
      sites: sites.map((site) => ({ siteId: site.siteId, isReady: site.isReady, reason: site.reason })),
    };
  };

  fastify.get("/health/live", async (_request, reply) => {
    reply.header("cache-control", "no-store");
    return { status: "live" };
  });

  fastify.get("/health/ready", async (_request, reply) => {
    const told = report();
    reply.header("cache-control", "no-store").code(told.status === "ready" ? 200 : 503);
    return told;
  });

  fastify.get("/health", async (_request, reply) => {
    reply.header("cache-control", "no-store");
    return { version, ...report() };
  });
}

/** Whether requests can be answered, and which site stands in the way. Shown to anyone. */
export interface ReadinessReport {
  readonly isReady: boolean;
  /** Under which the log has what put the whole process in doubt. */
  readonly errorId?: string;
  readonly sites: readonly SiteReadiness[];
}

export interface SiteReadiness {
  readonly siteId: string;
  readonly isReady: boolean;
  /** What is wrong, as a code that stays what it is; `null` when nothing is. */
  readonly reason: string | null;
}
