import type { SiteId } from "../../domain/ids.js";
import type { LeftOut } from "../../domain/Space.js";
import type { Secret } from "../Secret.js";
import { type CloudCredential, type DataCenterCredential, secretsOfCredential } from "./credentials.js";

/** One Confluence instance, the credential we use there, and how it is treated. */
export type SiteConfig = CloudSiteConfig | DataCenterSiteConfig;

/** What a site has wherever it runs. */
interface SiteConfigBase {
  /** Our name for the site. It is part of every global id, so it must not change between starts. */
  readonly siteId: SiteId;
  /** What people see. */
  readonly name: string;
  /** Calls in flight to this site at a time. */
  readonly concurrency: number;
  readonly isProvisioningOn: boolean;
  /** It is the made-up Confluence in this process. Default: false. */
  readonly isSandbox?: boolean;
  readonly leftOut: LeftOut;
}

/** A site at Atlassian's. */
export interface CloudSiteConfig extends SiteConfigBase {
  readonly deployment: "cloud";
  /** Without a trailing slash and without `/wiki`. */
  readonly url: string;
  readonly credential: CloudCredential;
  readonly atlassian: AtlassianAddresses;
  readonly organization: OrganizationConfig | null;
}

/** A site that somebody runs themselves. */
export interface DataCenterSiteConfig extends SiteConfigBase {
  readonly deployment: "datacenter";
  /** Without a trailing slash; may carry a context path (`https://wiki.example.com/confluence`) that all calls go below. */
  readonly url: string;
  readonly credential: DataCenterCredential;
  /** Certificates (PEM) trusted beside the well-known ones; `null` for none. */
  readonly ca: string | null;
  /** The group whose members see and administer everything, whatever permissions say. */
  readonly superGroup: string;
  /** Atlassian organizations hold Cloud sites only. */
  readonly organization: null;
}

/** Where Atlassian's shared services are for a Cloud site; government clouds have their own. */
export interface AtlassianAddresses {
  /** The API gateway and the admin APIs, without a trailing slash. */
  readonly apiUrl: string;
  /** Where OAuth tokens are asked for, without a trailing slash. */
  readonly authUrl: string;
}

/** The key to what only the Atlassian organization knows: e-mail, suspension, licence, roles, last activity. */
export interface OrganizationConfig {
  readonly orgId: string;
  readonly apiKey: Secret;
  /** The directory that an identity provider writes to: first and last name, department, external id. */
  readonly scim: { readonly directoryId: string; readonly key: Secret } | null;
}

/** What of it is each deployment's own: the member that is meant for this site. */
export function byDeployment<Result>(
  config: SiteConfig,
  members: {
    readonly cloud: (config: CloudSiteConfig) => Result;
    readonly datacenter: (config: DataCenterSiteConfig) => Result;
  },
): Result {
  return config.deployment === "cloud" ? members.cloud(config) : members.datacenter(config);
}

/** What to do where the certificate of a site or of its organization is not trusted. */
export const certificateAdvice =
  "Check the scheme of the address, or add the authority that issued the certificate (Data Center: CONFLUENCE_CA_FILE).";

/** A site that is shown whole. */
export const nothingLeftOut: LeftOut = { spaceKeys: [], hasPersonalSpaces: false, permissions: [] };

/** What Confluence calls the group whose members administer everything. */
export const defaultSuperGroup = "confluence-administrators";

/** Every secret that a site's configuration holds: what must never be printed. */
export function secretsOf({ credential, organization }: SiteConfig): Secret[] {
  return [
    ...secretsOfCredential(credential),
    ...(organization === null ? [] : [organization.apiKey]),
    ...(organization?.scim ? [organization.scim.key] : []),
  ];
}
