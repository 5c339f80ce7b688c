import type { DataCenterSiteConfig } from "../config/sites/SiteConfig.js";
import { createDataCenterSite } from "../confluence/datacenter/createDataCenterSite.js";
import { guardIdentity } from "../confluence/datacenter/guardIdentity.js";
import type { ConfluenceSite } from "../confluence/port.js";
import { watchTransport } from "../http/Transport.js";
import { connectDataCenterSite } from "./connectDataCenterSite.js";
import type { SiteConnection } from "./SiteConnection.js";

/** A Data Center site. It belongs to no organization. */
export function openDataCenterSite(
  config: DataCenterSiteConfig,
  { onError, onIdentityLost, ...shared }: SiteConnection,
): Omit<ConfluenceSite, "leftOut" | "upstreamState"> {
  const { siteId, name, url, concurrency, superGroup } = config;
  const connected = guardIdentity(connectDataCenterSite(config, shared), shared.clock, onIdentityLost);
  const transport = watchTransport(connected, onError);
  return {
    ...createDataCenterSite({ siteId, name, url, transport, clock: shared.clock, concurrency, superGroup }),
    organization: null,
  };
}
