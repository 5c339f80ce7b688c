import { TtlCache } from "./cache/TtlCache.js";
import { composeSite } from "./composeSite.js";
import type { Config } from "./config/Config.js";
import type { SiteConfig } from "./config/SiteConfig.js";
import { SiteReadiness } from "./confluence/SiteReadiness.js";
import type { Clock } from "./domain/Clock.js";
import { buildGraphSchema } from "./graph/buildGraphSchema.js";
import { formatGraphError } from "./graph/errors/formatGraphError.js";
import type { GraphContext } from "./graph/GraphContext.js";
import { limitDepth } from "./graph/limits/limitDepth.js";
import { ReportedGaps } from "./graph/paging/ReportedGaps.js";
import { ResultBudget } from "./graph/paging/ResultBudget.js";
import { reportCompleteness } from "./graph/reportCompleteness.js";
import { systemClock } from "./http/systemClock.js";
import { onlyOne } from "./loaders/onlyOne.js";
import { permissionModel } from "./loaders/permissionModel.js";
import { SiteLoaders } from "./loaders/SiteLoaders.js";
import { registerSecret } from "./observability/registerSecret.js";
import type { StructuredLogger } from "./observability/StructuredLogger.js";
import type { RunningServer } from "./server/RunningServer.js";
import type { ServerContext } from "./server/ServerContext.js";
import { startServer } from "./server/startServer.js";

interface Composition {
  readonly config: Config;
  /** The sites to serve: those configured, or the embedded sandbox. */
  readonly sites: readonly SiteConfig[];
  readonly logger: StructuredLogger;
  readonly clock?: Clock;
  /** Called once the last answer went out. */
  readonly onClose?: () => Promise<void>;
}

/** Entries in the cache at most, whatever their size. */
const maxCacheEntries = 1_000_000;

/** How long a start waits for its sites. One that takes longer is not ready yet, and the server says so meanwhile. */
const readinessGraceMs = 2_000;

/** Ties every part together and serves the graph. The one place that knows them all. */
export async function compose(composition: Composition): Promise<RunningServer> {
  const { config, logger, clock = systemClock } = composition;
  const cache = new TtlCache({ maxBytes: config.cache.maxBytes, maxEntries: maxCacheEntries, clock });
  const stores = composition.sites.map((site) => {
    registerSecret(site.credential.apiToken);
    return composeSite({
      config: site,
      concurrency: config.upstream.concurrency,
      cache,
      lifetimes: config.cache.ttlMs,
      clock,
      logger,
    });
  });
  const readiness = stores.map(
    (store) =>
      new SiteReadiness({
        site: store.site,
        clock,
        logger,
        // Every reading of grants needs the permission model first.
        warmUp: () => store.read(permissionModel, onlyOne),
      }),
  );

  const server = await startServer<GraphContext & ServerContext>({
    config: config.server,
    logger,
    schema: buildGraphSchema().schema,
    createContext: (request) => ({
      request,
      requestId: request.requestId,
      sites: new Map(
        stores.map((store) => [store.site.siteId, new SiteLoaders(store, request.isFreshWanted ? clock.now() : 0)]),
      ),
      resultBudget: new ResultBudget(config.limits.maxResultNodes),
      reportedGaps: new ReportedGaps(),
      clock,
    }),
    readiness: () => ({
      isReady: readiness.every(({ reason }) => reason === null),
      sites: readiness.map(({ site, reason }) => ({
        siteId: site.siteId,
        name: site.name,
        isReady: reason === null,
        reason,
      })),
    }),
    plugins: [reportCompleteness()],
    validationRules: [limitDepth(config.limits.maxQueryDepth)],
    formatError: formatGraphError(logger),
    onClose: async () => {
      for (const site of readiness) site.stop();
      await Promise.all(stores.map((store) => store.site.close()));
      await composition.onClose?.();
    },
  });

  const started = new AbortController();
  await Promise.race([
    Promise.all(readiness.map((site) => site.start())).finally(() => started.abort()),
    clock.sleep(readinessGraceMs, started.signal).catch(() => undefined),
  ]);
  return server;
}
