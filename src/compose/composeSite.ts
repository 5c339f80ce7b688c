import { createHmac, randomBytes } from "node:crypto";
import type { Lifetimes } from "../cache/lifetimes.js";
import type { TtlCache } from "../cache/TtlCache.js";
import type { SiteConfig } from "../config/SiteConfig.js";
import { secretsOf } from "../config/secretsOf.js";
import { createCloudSite } from "../confluence/cloud/createCloudSite.js";
import { leaveOut } from "../confluence/leaveOut.js";
import { SiteReadiness } from "../confluence/SiteReadiness.js";
import type { Clock } from "../domain/Clock.js";
import type { Logger } from "../domain/Logger.js";
import { Lane } from "../http/Lane.js";
import { watchTransport } from "../http/watchTransport.js";
import { onlyOne } from "../loaders/onlyOne.js";
import { permissionModel } from "../loaders/permissionModel.js";
import { SiteStore } from "../loaders/SiteStore.js";
import type { AuditLog } from "../provisioning/AuditLog.js";
import type { KeyedLock } from "../provisioning/KeyedLock.js";
import { Provisioner } from "../provisioning/Provisioner.js";
import { connectCloudSite } from "./connectCloudSite.js";
import type { Organizations } from "./Organizations.js";

interface SiteParts {
  readonly config: SiteConfig;
  readonly organizations: Organizations;
  readonly audit: AuditLog;
  readonly lock: KeyedLock;
  readonly cache: TtlCache;
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

/** Keyed with something no other process knows, so that the fingerprint in a cache key tells nothing of the credential. */
const fingerprintKey = randomBytes(32);

/** One configured site with its lane, transport, adapter and store. Nothing is shared with other sites but the cache's room. */
export function composeSite(parts: SiteParts): ServedSite {
  const { config, organizations, audit, lock, cache, lifetimes, clock, logger } = parts;
  const { siteId, name, url, concurrency } = config;
  const lane = new Lane({ concurrency, clock });
  const connection = connectCloudSite(config, {
    defaultHeaders: { "X-Atlassian-Token": "no-check", "User-Agent": "confluence-access-graph" },
    lane,
    clock,
    random: Math.random,
    logger,
  });
  const transport = watchTransport(connection.transport, (error) => {
    if (error.kind === "CredentialRejected") readiness.doubt();
  });
  const { baseUrl, close } = connection;
  const cloudSite = createCloudSite({ siteId, name, url, baseUrl, transport, clock, concurrency });
  const organization =
    config.organization && organizations.of(config.organization, config.atlassian.apiUrl, connection.cloudId);
  const closeBoth = async () => {
    await Promise.all([close(), organization?.close()]);
  };
  const site = leaveOut(
    { ...cloudSite, organization, upstreamState: () => lane.state, close: closeBoth },
    config.leftOut,
  );
  const scope = { siteId, credentialFingerprint: fingerprintOf(config) };
  const store = new SiteStore({ site, scope, cache, lifetimes, clock });
  const readiness: SiteReadiness = new SiteReadiness({
    site,
    clock,
    logger,
    // Every reading of grants needs the permission model first.
    warmUp: () => store.read(permissionModel, onlyOne),
  });
  const provisioner = new Provisioner({ store, audit, lock, isOn: config.isProvisioningOn });
  return { store, readiness, provisioner };
}

function fingerprintOf(config: SiteConfig): string {
  const { credential, url, leftOut } = config;
  const who = credential.kind === "oauth" ? credential.clientId : "email" in credential ? credential.email : "";
  const parts = [url, credential.kind, who, ...secretsOf(config).map((secret) => secret.reveal()), leftOut];
  return createHmac("sha256", fingerprintKey).update(JSON.stringify(parts)).digest("base64url");
}
