import { createHmac, randomBytes } from "node:crypto";
import type { IndexOptions } from "../access/index/parts.js";
import { cloudAccessRules, dataCenterAccessRules } from "../access/SiteFacts.js";
import { SharedReadings } from "../cache/shared/SharedReadings.js";
import type { Lifetimes, TtlCache } from "../cache/TtlCache.js";
import type { IndexConfig, ProxyConfig } from "../config/Config.js";
import { fingerprintParts, identityOf } from "../config/sites/fingerprint.js";
import {
  byDeployment,
  type CloudSiteConfig,
  type DataCenterSiteConfig,
  type SiteConfig,
} from "../config/sites/SiteConfig.js";
import { connectCloudSite } from "../confluence/cloud/connect.js";
import { createCloudSite } from "../confluence/cloud/site.js";
import { connectDataCenterSite, guardIdentity } from "../confluence/datacenter/connect.js";
import { permissionIdOf } from "../confluence/datacenter/grants.js";
import { createDataCenterSite } from "../confluence/datacenter/site.js";
import type { ConfiguredPart, ConfluenceSite } from "../confluence/port.js";
import { SiteReadiness } from "../confluence/SiteReadiness.js";
import type { KeptIndexes } from "../crawl/KeptIndex.js";
import { SiteIndex } from "../crawl/SiteIndex.js";
import type { Clock } from "../domain/Clock.js";
import { sharesNothing } from "../fleet/FleetEngine.js";
import type { RedisEngine } from "../fleet/RedisEngine.js";
import { ConcurrencyLimit } from "../http/admission/ConcurrencyLimit.js";
import { CallTally } from "../http/CallTally.js";
import type { TransportOptions } from "../http/createTransport.js";
import { behindOthers, type Transport, watchTransport } from "../http/Transport.js";
import type { ChangeEvents } from "../loaders/engine/ChangeEvents.js";
import { onlyOne } from "../loaders/engine/LoaderDeclaration.js";
import { SiteStore } from "../loaders/engine/SiteStore.js";
import type { SitePositions } from "../loaders/fleet/SiteChanges.js";
import { permissionModel } from "../loaders/site.js";
import type { Logger } from "../observability/Logger.js";
import { Provisioner } from "../provisioning/Provisioner.js";
import type { ChangeRecord } from "../record/ChangeRecord.js";
import type { Locks } from "../record/Locks.js";
import { warnOfFailuresBehind, warnOfOverdueAnswers } from "./failuresBehind.js";
import { shareCrawl } from "./fleet/shareCrawl.js";
import type { Organizations } from "./Organizations.js";
import { withRealPauses } from "./systemClock.js";

interface SiteParts {
  readonly config: SiteConfig;
  readonly organizations: Organizations;
  readonly record: ChangeRecord;
  readonly locks: Locks;
  readonly cache: TtlCache;
  /** Shared by all sites: a change of one may reach others of its organization. */
  readonly changes: ChangeEvents;
  readonly lifetimes: Lifetimes;
  /** How old what is answered with may be where the site fails; 0: nothing whose time is over. */
  readonly maxOverdueMs: number;
  readonly indexConfig: IndexConfig;
  readonly proxy?: ProxyConfig | null;
  /** What is shared with other processes; `null`: nothing. */
  readonly fleet?: RedisEngine | null;
  /** How far this process has heard of what the others changed at a site; without that nothing read is shared. */
  readonly positions?: ((site: ConfluenceSite) => SitePositions) | null;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A site in service: what is read of it, and whether it is ready. */
export interface ServedSite {
  readonly store: SiteStore;
  readonly readiness: SiteReadiness;
  readonly provisioner: Provisioner;
  readonly index: SiteIndex;
  /** What became of its calls. */
  readonly tally: CallTally;
  /** Ends what goes on behind the requests. */
  close(): void;
}

/** A site without what is the same wherever it runs. */
type OpenedSite = Omit<ConfluenceSite, ConfiguredPart>;

/** A site twice, over the same connections: as requests call it, and as the crawl does, behind them. */
interface OpenedWays {
  readonly site: OpenedSite;
  readonly background: OpenedSite;
  readonly indexOptions: IndexOptions;
}

/** Keyed with something no other process knows, so that the fingerprint in a cache key tells nothing of the credential. */
const fingerprintKey = randomBytes(32);

/** One configured site with its concurrency limit, transport, adapter and store. Nothing is shared with other sites but the cache's room. */
export function composeSite(parts: SiteParts): ServedSite {
  const { config, record, locks, cache, changes, lifetimes, maxOverdueMs, indexConfig, clock, logger } = parts;
  const { fleet = null, positions = null } = parts;
  const { siteId, concurrency } = config;
  const concurrencyLimit = new ConcurrencyLimit({
    ...{ concurrency, clock, backgroundShare: indexConfig.quotaShare },
    fleet: fleet && { engine: fleet, scope: JSON.stringify(["site", ...identityOf(config)]) },
  });
  const tally = new CallTally();
  const opened = openSite(parts, {
    defaultHeaders: { "X-Atlassian-Token": "no-check", "User-Agent": "confluence-access-graph" },
    concurrencyLimit,
    proxy: parts.proxy ?? null,
    name: siteId,
    tally,
    clock,
    random: Math.random,
    logger,
    onCredentialRejected: () => readiness.doubt(),
    onCredentialDoubted: () => readiness.doubtUnlessFresh(),
    onIdentityLost: (sinceMs) => {
      store.distrust(sinceMs);
      index.distrust();
    },
  });
  const same = {
    leftOut: config.leftOut,
    isSandbox: config.isSandbox ?? false,
    isProvisioningOn: config.isProvisioningOn,
    upstreamState: () => concurrencyLimit.state,
    sharing: () => fleet?.sharing ?? sharesNothing,
  };
  const site = { ...opened.site, ...same };
  const scope = { siteId, credentialFingerprint: fingerprintOf(config) };
  const overdue = {
    maxAgeMs: maxOverdueMs,
    // Readiness is lost by a refusal alone.
    isAllowed: () => readiness.reason === null,
    onAnswered: warnOfOverdueAnswers({ siteId, clock, logger }),
  };
  const readings =
    fleet === null
      ? null
      : new SharedReadings({
          ...{ engine: fleet, clock: withRealPauses(clock) },
          // Hashed once more with what all processes share: nobody who reads the engine learns whose it is.
          scope: fleet.key("readings", fingerprintParts(config)),
          onDistrusted: (fromMs, toMs) => {
            store.distrustBetween(fromMs, toMs);
            // Where nobody can say when that was, the engine was emptied: of that no crawl is made anew.
            if (Number.isFinite(toMs)) index.distrust();
          },
        });
  const heard = positions?.(site) ?? null;
  const shared = readings === null || heard === null ? undefined : { readings, positions: heard };
  const store: SiteStore = new SiteStore({
    ...{ site, scope, cache, lifetimes, clock, changes, shared },
    onFailureBehind: warnOfFailuresBehind({ siteId, clock, logger }),
    ...(maxOverdueMs === 0 ? {} : { overdue }),
  });
  const readiness: SiteReadiness = new SiteReadiness({
    site,
    clock,
    logger,
    // Every reading of grants needs the permission model first.
    warmUp: () => store.read(permissionModel, onlyOne),
  });
  const provisioner = new Provisioner({ store, record, locks, isOn: config.isProvisioningOn });
  const index: SiteIndex = new SiteIndex({
    store,
    background: { ...opened.background, ...same },
    index: opened.indexOptions,
    config: indexConfig,
    maxOverdueMs,
    sharing:
      fleet === null || heard === null
        ? null
        : shareCrawl({
            engine: fleet,
            positions: heard,
            parts: fingerprintParts(config),
            ttlMs: indexConfig.ttlMs,
            clock,
          }),
    logger,
  });
  return { store, readiness, provisioner, index, tally, close: () => readings?.close() };
}

/** The indexes of sites by their ids. */
export function keptIndexes(served: readonly ServedSite[]): KeptIndexes {
  const byId = new Map(served.map(({ store, index }) => [store.site.siteId, index]));
  return {
    of: (siteId) => {
      const index = byId.get(siteId);
      if (index === undefined) throw new Error(`no site ${siteId} is configured`);
      return index;
    },
  };
}

function openSite({ config, organizations }: SiteParts, connection: SiteConnection): OpenedWays {
  return byDeployment(config, {
    cloud: (site) => openCloudSite(site, organizations, connection),
    datacenter: (site) => openDataCenterSite(site, connection),
  });
}

function fingerprintOf(config: SiteConfig): string {
  return createHmac("sha256", fingerprintKey).update(fingerprintParts(config)).digest("base64url");
}

/** What every way to a site shares, wherever it runs. */
interface SiteConnection extends Omit<TransportOptions, "baseUrl" | "authorization" | "classifyError" | "ca"> {
  /** Told when a call was refused for its credential. */
  onCredentialRejected(): void;
  /** Told when a call was refused for its credential or for a right that it lacks: who we are settles it. */
  onCredentialDoubted(): void;
  /** Told when the site takes us for anonymous: what was read since then may not be all that we may see. */
  onIdentityLost(sinceMs: number): void;
}

/** A Cloud site and, where one is configured, its organization. */
function openCloudSite(
  config: CloudSiteConfig,
  organizations: Organizations,
  { onCredentialRejected, onCredentialDoubted: _doubted, onIdentityLost: _lost, ...shared }: SiteConnection,
): OpenedWays {
  const { siteId, name, url, concurrency } = config;
  const { transport, baseUrl, cloudId, close } = connectCloudSite(config, shared);
  const watched = watchTransport(transport, ({ kind }) => {
    if (kind === "CredentialRejected") onCredentialRejected();
  });
  const open = (isBackground: boolean): OpenedSite => ({
    ...createCloudSite({
      ...{ siteId, name, url, baseUrl, clock: shared.clock, concurrency },
      transport: isBackground ? behindOthers(watched) : watched,
    }),
    organization:
      config.organization && organizations.of(config.organization, config.atlassian.apiUrl, cloudId, isBackground),
    close,
  });
  return {
    site: open(false),
    background: open(true),
    indexOptions: { rules: cloudAccessRules, hasNestedGroups: false, areFactsApart: true },
  };
}

/** A Data Center site. It belongs to no organization. */
function openDataCenterSite(
  config: DataCenterSiteConfig,
  { onCredentialRejected, onCredentialDoubted, onIdentityLost, ...shared }: SiteConnection,
): OpenedWays {
  const { siteId, name, url, concurrency, superGroup } = config;
  const connected = guardIdentity(connectDataCenterSite(config, shared), shared.clock, onIdentityLost);
  const transport = watchTransport(connected, ({ kind, status }) => {
    if (kind === "CredentialRejected") onCredentialRejected();
    // A 401 may mean a missing right as well as a rejected credential.
    else if (status === 401) onCredentialDoubted();
  });
  const open = (way: Transport): OpenedSite => ({
    ...createDataCenterSite({ siteId, name, url, transport: way, clock: shared.clock, concurrency, superGroup }),
    organization: null,
  });
  const site = open(transport);
  return {
    site,
    background: open(behindOthers(transport)),
    indexOptions: {
      rules: dataCenterAccessRules(site.groups.superGroupId ?? undefined),
      hasNestedGroups: true,
      areFactsApart: !site.accounts.isListWhole,
      permissionIdOf,
    },
  };
}
