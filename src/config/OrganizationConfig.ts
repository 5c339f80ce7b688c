import type { Secret } from "./Secret.js";

/** The key to what only the Atlassian organization knows: e-mail, suspension, licence, roles, last activity. */
export interface OrganizationConfig {
  readonly orgId: string;
  readonly apiKey: Secret;
  /** The directory that an identity provider writes to: first and last name, department, external id. */
  readonly scim: { readonly directoryId: string; readonly key: Secret } | null;
}
