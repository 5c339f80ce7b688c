import type { RunningDataCenter, RunningSandbox } from "confluence-access-graph-sandbox";
import type { Config } from "../config/Config.js";
import { Secret } from "../config/Secret.js";
import {
  type CloudSiteConfig,
  type DataCenterSiteConfig,
  defaultSuperGroup,
  nothingLeftOut,
  type SiteConfig,
} from "../config/sites/SiteConfig.js";
import type { SiteId } from "../domain/ids.js";
import { loadSandbox } from "./loadSandbox.js";

/** What is served without any configuration. */
interface EmbeddedSandbox {
  readonly sites: readonly SiteConfig[];
  readonly close: () => Promise<void>;
}

/** A made-up Confluence in this process: one Cloud site with its organization, one Data Center site. */
export async function startEmbeddedSandbox(config: Config): Promise<EmbeddedSandbox> {
  const { defaultWorld, startSandbox } = await loadSandbox("No site is configured: set CONFLUENCE_URL or SITES_FILE.");
  const sandbox = await startSandbox({ world: defaultWorld() });
  const { dataCenter } = sandbox;
  const shared = {
    concurrency: config.upstream.concurrency,
    isProvisioningOn: config.isProvisioningOn,
    leftOut: nothingLeftOut,
    isSandbox: true,
  };
  return {
    sites: [
      { ...cloudSite(sandbox), ...shared },
      ...(dataCenter === null ? [] : [{ ...dataCenterSite(dataCenter), ...shared }]),
    ],
    close: () => sandbox.close(),
  };
}

type Own<Config> = Omit<Config, "concurrency" | "isProvisioningOn" | "isSandbox" | "leftOut">;

function cloudSite({ url, credential, credentials }: RunningSandbox): Own<CloudSiteConfig> {
  const { organization, scim } = credentials;
  return {
    siteId: "sandbox-cloud" as SiteId,
    name: "Embedded sandbox, Cloud",
    url,
    deployment: "cloud",
    credential: { kind: "api-token", email: credential.email, apiToken: new Secret(credential.apiToken) },
    atlassian: { apiUrl: url, authUrl: url },
    organization: {
      orgId: organization.orgId,
      apiKey: new Secret(organization.apiKey),
      scim: { directoryId: scim.directoryId, key: new Secret(scim.key) },
    },
  };
}

function dataCenterSite({ url, credentials }: RunningDataCenter): Own<DataCenterSiteConfig> {
  return {
    siteId: "sandbox-datacenter" as SiteId,
    name: "Embedded sandbox, Data Center",
    url,
    deployment: "datacenter",
    credential: { kind: "personal-access-token", token: new Secret(credentials.personalAccessToken) },
    ca: null,
    superGroup: defaultSuperGroup,
    organization: null,
  };
}
