import { MemoryShare } from "../cache/MemoryShare.js";
import { TtlCache } from "../cache/TtlCache.js";
import { CallerBudgets } from "../callers/CallerBudgets.js";
import { Callers } from "../callers/Callers.js";
import type { Config, RecordPlace } from "../config/Config.js";
import { secretsOfAddress, secretsOfHeaders } from "../config/Secret.js";
import { type SiteConfig, secretsOf } from "../config/sites/SiteConfig.js";
import type { TracingConfig } from "../config/TracingConfig.js";
import { productVersion } from "../config/version.js";
import type { Clock } from "../domain/Clock.js";
import { ChangeCounts } from "../graph/change/ChangeCounts.js";
import { reportCompleteness } from "../graph/completeness/watchReadings.js";
import { limitCost } from "../graph/cost/limitCost.js";
import { formatGraphError } from "../graph/errors/formatGraphError.js";
import { keepBatchOrder } from "../graph/limits/keepBatchOrder.js";
import { chargeCallers } from "../graph/limits/limitCallers.js";
import { limitDocuments } from "../graph/limits/limitDocuments.js";
import { limitDepth } from "../graph/limits/limitOperations.js";
import { authorizeOperations } from "../graph/schema/authorization/authorizeOperations.js";
import { buildGraphSchema } from "../graph/schema/buildGraphSchema.js";
import type { GraphContext } from "../graph/schema/GraphContext.js";
import { ChangeEvents } from "../loaders/engine/ChangeEvents.js";
import type { StructuredLogger } from "../observability/Logger.js";
import { LoopWatch, processMetrics } from "../observability/metrics/processMetrics.js";
import { registerSecret } from "../observability/redact.js";
import type { Tracing } from "../observability/tracing/Span.js";
import { PolicyHook } from "../provisioning/policy/PolicyHook.js";
import { Requests } from "../provisioning/Requests.js";
import { openAuditLines, withAuditLines } from "../record/auditLines.js";
import { keepRetention, openRecord } from "../record/openRecord.js";
import { AnswerStore } from "../server/answers/AnswerStore.js";
import { traceBatches } from "../server/requests/requestSpan.js";
import type { ServerContext, ServerOptions } from "../server/ServerOptions.js";
import { type OpenServer, openServer, type RunningServer, startServer } from "../server/startServer.js";
import { composeSite, keptIndexes } from "./composeSite.js";
import { explorerNamed } from "./explorer.js";
import { changeFamilies, freshnessOf, openFleetChanges } from "./fleet/fleetChanges.js";
import { openFleet } from "./fleet/openFleet.js";
import { memoryFamilies, siteFamilies } from "./metrics/families.js";
import { fleetFamilies } from "./metrics/fleetFamilies.js";
import { secondLevelFamilies } from "./metrics/secondLevelFamilies.js";
import { Organizations } from "./Organizations.js";
import { isCostWanted, RequestContext, type SharedParts } from "./RequestContext.js";
import { systemClock } from "./systemClock.js";

export interface Composition {
  readonly config: Config;
  /** The sites to serve: those configured, or the embedded sandbox. */
  readonly sites: readonly SiteConfig[];
  readonly logger: StructuredLogger;
  readonly clock?: Clock;
  /** Where answers are remembered: as the configuration says, where it is left out. */
  readonly answers?: AnswerStore;
  /** Called once the last answer went out. */
  readonly onClose?: () => Promise<void>;
}

const limits = {
  /** Entries in the cache, whatever their size. */
  cacheEntries: 1_000_000,
  /** How long a start waits for its sites. One that takes longer is not ready yet, and the server says so meanwhile. */
  startWaitMs: 2_000,
} as const;

/** Ties every part together and serves the graph. The one place that knows them all. */
export function compose(composition: Composition): Promise<RunningServer> {
  return composeWith(composition, startServer);
}

/** The same without a port of its own. */
export function composeOpen(composition: Composition): Promise<OpenServer> {
  return composeWith(composition, openServer);
}

async function composeWith<Server>(
  composition: Composition,
  serve: (options: ServerOptions<GraphContext & ServerContext>) => Promise<Server>,
): Promise<Server> {
  const { config, logger, clock = systemClock } = composition;
  const { maxBytes } = config.cache;
  const memory = new MemoryShare({ maxBytes, clock });
  const cache = new TtlCache({ maxBytes, maxEntries: limits.cacheEntries, clock, shared: memory });
  if (config.proxy !== null) for (const secret of secretsOfAddress(config.proxy.url)) registerSecret(secret);
  const { place, retentionMs } = config.record;
  if (place.kind === "database") for (const secret of secretsOfAddress(place.url)) registerSecret(secret);
  if (composition.sites.some(({ isProvisioningOn }) => isProvisioningOn)) logger.info({}, whereKept(place));
  const opened = await openRecord(place, clock);
  const { locks } = opened;
  const record = withAuditLines(opened.record, openAuditLines(config.auditLog));
  const endRetention = retentionMs === null ? null : keepRetention({ record, retentionMs, clock, logger });
  const changes = new ChangeEvents();
  const fleet = await openFleet(composition);
  const organizations = new Organizations({
    ...{ clock, random: Math.random, logger },
    backgroundShare: config.index.quotaShare,
    proxy: config.proxy,
    fleet,
  });
  const fleetChanges = fleet === null ? null : openFleetChanges(fleet, { changes, clock, logger });
  const served = composition.sites.map((site) => {
    for (const secret of secretsOf(site)) registerSecret(secret);
    return composeSite({
      config: site,
      organizations,
      record,
      locks,
      cache,
      changes,
      positions: fleetChanges && ((joined) => fleetChanges.join(joined)),
      lifetimes: config.cache.ttlMs,
      maxOverdueMs: config.cache.maxOverdueMs,
      indexConfig: config.index,
      proxy: config.proxy,
      fleet,
      clock,
      logger,
    });
  });
  // Of all that the processes of one record share, what no record holds.
  const [passwordKey] = [config.server.callerToken, ...composition.sites.flatMap(secretsOf)].flatMap(
    (secret) => secret?.reveal() ?? [],
  );
  const requests = new Requests({ record, passwordKey: passwordKey ?? "" });
  const stores = served.map(({ store }) => store);
  memory.add("index", () => served.reduce((sum, { index }) => sum + index.bytes, 0));
  memory.add("lists", () => stores.reduce((sum, { kept }) => sum + kept.bytes, 0));
  const readiness = served.map((site) => site.readiness);
  const { answers = new AnswerStore({ maxBytes: config.cache.maxAnswerBytes, now: () => clock.now() }) } = composition;
  const changeCounts = new ChangeCounts();

  const budgets = new CallerBudgets(clock, fleet);
  const shared: SharedParts = {
    stores: new Map(stores.map((store) => [store.site.siteId, store])),
    budgets,
    limits: { ...config.limits, maxResponseBytes: config.server.maxResponseBytes },
    indexes: keptIndexes(served),
    provisioners: new Map(served.map(({ store, provisioner }) => [store.site.siteId, provisioner])),
    recordKept: config.record.place.kind,
    changeCounts,
    duties: config.duties,
    policy: config.policy === null ? null : new PolicyHook(config.policy, { clock, logger }),
    ...{ clock, requests, record },
  };
  if (config.policy?.token) registerSecret(config.policy.token);
  // Where no site keeps accounts of its own an id is one account's on all of them.
  const sharing = new Set(stores.flatMap(({ site }) => (site.writer.accounts === null ? [site.siteId] : [])));
  const { proxy } = config;
  const token = config.server.callerToken;
  const callers = new Callers({ config: config.callers, token, clock, logger, sharing, proxy });

  await fleetChanges?.start();
  const tracing = config.tracing === null ? null : await startTracing(config.tracing, { clock, logger });

  const loop = new LoopWatch();
  const processFamilies = processMetrics({ version: productVersion, loop });
  const { hasNodeFields, ...naming } = config.schema;
  const { schema, renameOperation } = buildGraphSchema({ naming, hasNodeFields });
  const server = await serve({
    config: config.server,
    callers,
    budgets,
    clock,
    product: {
      name: "confluence-access-graph",
      version: productVersion,
      title: "Confluence access graph",
      explorer: explorerNamed(renameOperation),
    },
    ...{ logger, tracing },
    schema,
    freshness: fleetChanges === null ? null : freshnessOf(fleetChanges),
    answers: {
      store: answers,
      mayRepeat: (request) =>
        !isCostWanted(request) && served.every(({ provisioner }) => !provisioner.looksAfterRemovals),
      standingOf: ({ basis }) => basis.settle(clock.now()),
    },
    metrics: () => [
      ...processFamilies,
      ...changeCounts.families(),
      ...memoryFamilies({ cache, answers, memory, record }),
      ...siteFamilies({ served, organizations, clock }),
      ...fleetFamilies(fleet),
      ...secondLevelFamilies(served),
      ...changeFamilies(fleetChanges),
    ],
    createContext: (request) => {
      const looks: Promise<void>[] = [];
      for (const { provisioner } of served) {
        const look = provisioner.lookAfterRemovals();
        if (look !== null) looks.push(look);
      }
      if (looks.length === 0) return new RequestContext(request, shared);
      return Promise.all(looks).then(() => new RequestContext(request, shared));
    },
    readiness: () => {
      const sites = readiness.map(({ site, reasonCode }) => ({
        ...{ siteId: site.siteId, isReady: reasonCode === null, reason: reasonCode },
      }));
      const isReady = config.readyWhen === "any" ? sites.some(isSiteReady) : sites.every(isSiteReady);
      return { isReady, sites };
    },
    // Who may ask is decided before what it costs.
    watches: [
      ...(tracing === null ? [] : [traceBatches<GraphContext & ServerContext>()]),
      authorizeOperations(),
      limitCost(),
      chargeCallers(budgets),
      reportCompleteness({ areListsTold: config.areGapsInErrors }),
    ],
    plugins: [keepBatchOrder()],
    validationRules: [limitDocuments, limitDepth(config.limits.maxQueryDepth)],
    formatError: formatGraphError(logger),
    onClose: async () => {
      loop.stop();
      for (const site of readiness) site.stop();
      await Promise.all(served.map(({ index }) => index.close()));
      for (const site of served) site.close();
      await Promise.all(stores.map((store) => store.site.close()));
      await organizations.close();
      await fleetChanges?.close();
      await fleet?.close();
      await endRetention?.();
      await record.close();
      await locks.close();
      await tracing?.close();
      await composition.onClose?.();
    },
  }).catch(async (error: unknown) => {
    // Its heart would go on beating.
    await fleet?.close();
    throw error;
  });

  const started = new AbortController();
  await Promise.race([
    Promise.all(readiness.map((site) => site.start())).finally(() => started.abort()),
    clock.atMost(limits.startWaitMs, started.signal).catch(() => undefined),
  ]);
  if (config.index.isWarm) for (const { index } of served) index.start();
  return server;
}

/** Said before anything else where changes are on: what a restart forgets must not come as a surprise. */
function whereKept(place: RecordPlace): string {
  switch (place.kind) {
    case "memory":
      return "changes are on; their record is in memory and gone with this process: set STATE_DIR or DATABASE_URL to keep it";
    case "directory":
      return `changes are on; their record is kept in STATE_DIR (${place.directory})`;
    case "database":
      return "changes are on; their record is kept in the database of DATABASE_URL";
  }
}

function isSiteReady({ isReady }: { readonly isReady: boolean }): boolean {
  return isReady;
}

/** Its libraries are loaded only where somebody wants to see spans. */
async function startTracing(
  config: TracingConfig,
  { clock, logger }: { readonly clock: Clock; readonly logger: StructuredLogger },
): Promise<Tracing> {
  const { openTracing } = await import("../observability/tracing/openTracing.js");
  for (const secret of secretsOfHeaders(config.headers)) registerSecret(secret);
  logger.info({ protocol: config.protocol, sampler: config.sampler }, "spans are sent to a collector");
  return openTracing({ config, name: "confluence-access-graph", version: productVersion, clock, logger });
}
