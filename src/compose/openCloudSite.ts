import type { CloudSiteConfig } from "../config/sites/SiteConfig.js";
import { createCloudSite } from "../confluence/cloud/createCloudSite.js";
import type { ConfluenceSite } from "../confluence/port.js";
import { watchTransport } from "../http/Transport.js";
import { connectCloudSite } from "./connectCloudSite.js";
import type { Organizations } from "./Organizations.js";
import type { SiteConnection } from "./SiteConnection.js";

/** A Cloud site and, where one is configured, its organization. */
export function openCloudSite(
  config: CloudSiteConfig,
  organizations: Organizations,
  { onError, onIdentityLost: _, ...shared }: SiteConnection,
): Omit<ConfluenceSite, "leftOut" | "upstreamState"> {
  const { siteId, name, url, concurrency } = config;
  const { transport, baseUrl, cloudId, close } = connectCloudSite(config, shared);
  const watched = watchTransport(transport, onError);
  const organization = config.organization && organizations.of(config.organization, config.atlassian.apiUrl, cloudId);
  return {
    ...createCloudSite({ siteId, name, url, baseUrl, transport: watched, clock: shared.clock, concurrency }),
    organization,
    close,
  };
}
