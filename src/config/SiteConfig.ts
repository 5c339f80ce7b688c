import type { Deployment } from "../domain/Deployment.js";
import type { SiteId } from "../domain/ids.js";
import type { LeftOut } from "../domain/LeftOut.js";
import type { Secret } from "./Secret.js";

/** How we sign in to a Cloud site. All but the first go through Atlassian's API gateway, which names sites by cloud id. */
export type SiteCredential =
  | { readonly kind: "api-token"; readonly email: string; readonly apiToken: Secret }
  | { readonly kind: "scoped-api-token"; readonly email: string; readonly apiToken: Secret; readonly cloudId: CloudId }
  | { readonly kind: "oauth"; readonly clientId: string; readonly clientSecret: Secret; readonly cloudId: CloudId }
  | { readonly kind: "service-account-token"; readonly apiToken: Secret; readonly cloudId: CloudId };

/** `null`: looked up at the site's own address. */
export type CloudId = string | null;

/** The key to what only the Atlassian organization knows: e-mail, suspension, licence, roles, last activity. */
export interface OrganizationConfig {
  readonly orgId: string;
  readonly apiKey: Secret;
  /** The directory that an identity provider writes to: first and last name, department, external id. */
  readonly scim: { readonly directoryId: string; readonly key: Secret } | null;
}

/** Where Atlassian's shared services are for a site; government clouds have their own. */
export interface AtlassianAddresses {
  /** The API gateway and the admin APIs, without a trailing slash. */
  readonly apiUrl: string;
  /** Where OAuth tokens are asked for, without a trailing slash. */
  readonly authUrl: string;
}

/** One Confluence instance, the credential we use there, and how it is treated. */
export interface SiteConfig {
  /** Our name for the site. It is part of every global id, so it must not change between starts. */
  readonly siteId: SiteId;
  /** What people see. */
  readonly name: string;
  /** Without a trailing slash, and on Cloud without `/wiki`. */
  readonly url: string;
  readonly deployment: Deployment;
  readonly credential: SiteCredential;
  readonly atlassian: AtlassianAddresses;
  /** Calls in flight to this site at a time. */
  readonly concurrency: number;
  readonly isProvisioningOn: boolean;
  readonly leftOut: LeftOut;
  readonly organization: OrganizationConfig | null;
}
