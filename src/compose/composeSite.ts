import { createHmac, randomBytes } from "node:crypto";
import type { Lifetimes } from "../cache/lifetimes.js";
import type { TtlCache } from "../cache/TtlCache.js";
import {
  byDeployment,
  type CloudSiteConfig,
  type DataCenterSiteConfig,
  type SiteConfig,
  secretsOf,
} from "../config/sites/SiteConfig.js";
import { connectCloudSite } from "../confluence/cloud/connect.js";
import { createCloudSite } from "../confluence/cloud/site.js";
import { connectDataCenterSite, guardIdentity } from "../confluence/datacenter/connect.js";
import { createDataCenterSite } from "../confluence/datacenter/site.js";
import type { ConfluenceSite } from "../confluence/port.js";
import { SiteReadiness } from "../confluence/SiteReadiness.js";
import type { Clock } from "../domain/Clock.js";
import { ConcurrencyLimit } from "../http/ConcurrencyLimit.js";
import type { TransportOptions } from "../http/createTransport.js";
import { watchTransport } from "../http/Transport.js";
import type { ChangeEvents } from "../loaders/engine/ChangeEvents.js";
import { onlyOne } from "../loaders/engine/LoaderDeclaration.js";
import { SiteStore } from "../loaders/engine/SiteStore.js";
import { permissionModel } from "../loaders/site.js";
import type { Logger } from "../observability/Logger.js";
import { Provisioner } from "../provisioning/Provisioner.js";
import type { ChangeRecord } from "../record/ChangeRecord.js";
import type { Locks } from "../record/Locks.js";
import type { Organizations } from "./Organizations.js";

interface SiteParts {
  readonly config: SiteConfig;
  readonly organizations: Organizations;
  readonly record: ChangeRecord;
  readonly locks: Locks;
  readonly cache: TtlCache;
  /** Shared by all sites: a change of one may reach others of its organization. */
  readonly changes: ChangeEvents;
  readonly lifetimes: Lifetimes;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A site in service: what is read of it, and whether it is ready. */
export interface ServedSite {
  readonly store: SiteStore;
  readonly readiness: SiteReadiness;
  readonly provisioner: Provisioner;
}

/** A site without what is the same wherever it runs. */
type OpenedSite = Omit<ConfluenceSite, "leftOut" | "upstreamState">;

/** Keyed with something no other process knows, so that the fingerprint in a cache key tells nothing of the credential. */
const fingerprintKey = randomBytes(32);

/** One configured site with its concurrency limit, transport, adapter and store. Nothing is shared with other sites but the cache's room. */
export function composeSite(parts: SiteParts): ServedSite {
  const { config, record, locks, cache, changes, lifetimes, clock, logger } = parts;
  const { siteId, concurrency } = config;
  const concurrencyLimit = new ConcurrencyLimit({ concurrency, clock });
  const opened = openSite(parts, {
    defaultHeaders: { "X-Atlassian-Token": "no-check", "User-Agent": "confluence-access-graph" },
    concurrencyLimit,
    clock,
    random: Math.random,
    logger,
    onCredentialRejected: () => readiness.doubt(),
    onCredentialDoubted: () => readiness.doubtUnlessFresh(),
    onIdentityLost: (sinceMs) => store.distrust(sinceMs),
  });
  const site = { ...opened, leftOut: config.leftOut, upstreamState: () => concurrencyLimit.state };
  const scope = { siteId, credentialFingerprint: fingerprintOf(config) };
  const store: SiteStore = new SiteStore({ site, scope, cache, lifetimes, clock, changes });
  const readiness: SiteReadiness = new SiteReadiness({
    site,
    clock,
    logger,
    // Every reading of grants needs the permission model first.
    warmUp: () => store.read(permissionModel, onlyOne),
  });
  const provisioner = new Provisioner({ store, record, locks, isOn: config.isProvisioningOn });
  return { store, readiness, provisioner };
}

function openSite({ config, organizations }: SiteParts, connection: SiteConnection): OpenedSite {
  return byDeployment(config, {
    cloud: (site) => openCloudSite(site, organizations, connection),
    datacenter: (site) => openDataCenterSite(site, connection),
  });
}

function fingerprintOf(config: SiteConfig): string {
  const { credential, url, leftOut } = config;
  const parts = [
    url,
    credential.kind,
    callerOf(credential),
    ...secretsOf(config).map((each) => each.reveal()),
    leftOut,
  ];
  return createHmac("sha256", fingerprintKey).update(JSON.stringify(parts)).digest("base64url");
}

function callerOf(credential: SiteConfig["credential"]): string {
  if (credential.kind === "oauth") return credential.clientId;
  if (credential.kind === "password") return credential.username;
  return "email" in credential ? credential.email : "";
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
): OpenedSite {
  const { siteId, name, url, concurrency } = config;
  const { transport, baseUrl, cloudId, close } = connectCloudSite(config, shared);
  const watched = watchTransport(transport, ({ kind }) => {
    if (kind === "CredentialRejected") onCredentialRejected();
  });
  const organization = config.organization && organizations.of(config.organization, config.atlassian.apiUrl, cloudId);
  return {
    ...createCloudSite({ siteId, name, url, baseUrl, transport: watched, clock: shared.clock, concurrency }),
    organization,
    close,
  };
}

/** A Data Center site. It belongs to no organization. */
function openDataCenterSite(
  config: DataCenterSiteConfig,
  { onCredentialRejected, onCredentialDoubted, onIdentityLost, ...shared }: SiteConnection,
): OpenedSite {
  const { siteId, name, url, concurrency, superGroup } = config;
  const connected = guardIdentity(connectDataCenterSite(config, shared), shared.clock, onIdentityLost);
  const transport = watchTransport(connected, ({ kind, status }) => {
    if (kind === "CredentialRejected") onCredentialRejected();
    // A 401 may mean a missing right as well as a rejected credential.
    else if (status === 401) onCredentialDoubted();
  });
  return {
    ...createDataCenterSite({ siteId, name, url, transport, clock: shared.clock, concurrency, superGroup }),
    organization: null,
  };
}
