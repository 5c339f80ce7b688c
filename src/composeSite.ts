import { createHmac, randomBytes } from "node:crypto";
import type { Lifetimes } from "./cache/lifetimes.js";
import type { TtlCache } from "./cache/TtlCache.js";
import type { SiteConfig } from "./config/SiteConfig.js";
import { classifyCloudError } from "./confluence/cloud/classifyCloudError.js";
import { createCloudSite } from "./confluence/cloud/createCloudSite.js";
import type { Clock } from "./domain/Clock.js";
import type { Logger } from "./domain/Logger.js";
import { createTransport } from "./http/createTransport.js";
import { Lane } from "./http/Lane.js";
import { SiteStore } from "./loaders/SiteStore.js";

interface SiteParts {
  readonly config: SiteConfig;
  readonly concurrency: number;
  readonly cache: TtlCache;
  readonly lifetimes: Lifetimes;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Keyed with something no other process knows, so that the fingerprint in a cache key tells nothing of the credential. */
const fingerprintKey = randomBytes(32);

/** One configured site with its lane, transport, adapter and store. */
export function composeSite({ config, concurrency, cache, lifetimes, clock, logger }: SiteParts): SiteStore {
  const { siteId, name, url, credential } = config;
  const authorization = `Basic ${Buffer.from(`${credential.email}:${credential.apiToken.reveal()}`).toString("base64")}`;
  const lane = new Lane({ concurrency, clock });
  const transport = createTransport({
    baseUrl: url,
    authorization: { header: () => authorization },
    defaultHeaders: { "X-Atlassian-Token": "no-check", "User-Agent": "confluence-access-graph" },
    lane,
    clock,
    random: Math.random,
    logger,
    classifyError: classifyCloudError,
  });
  const site = createCloudSite({ siteId, name, url, baseUrl: url, transport, clock, concurrency });
  const credentialFingerprint = createHmac("sha256", fingerprintKey).update(authorization).digest("base64url");
  return new SiteStore({ site, scope: { siteId, credentialFingerprint }, cache, lifetimes, clock });
}
