import type { SandboxCredential } from "../cloud/isAuthorized.js";

/** Every secret that a sandbox accepts, and where. */
export interface SandboxCredentials {
  /** E-mail and unscoped API token: Basic, on the site's own address only. */
  readonly basic: SandboxCredential;
  /** E-mail and scoped API token: Basic, behind the gateway only. */
  readonly scopedToken: SandboxCredential;
  /** API token of a service account: Bearer, behind the gateway only. */
  readonly serviceAccountToken: string;
  /** Exchanged at `POST /oauth/token` for access tokens, which are Bearer behind the gateway. */
  readonly oauth: { readonly clientId: string; readonly clientSecret: string };
  /** Bearer below `/admin`, and for nothing else. */
  readonly organization: { readonly orgId: string; readonly apiKey: string };
  /** Bearer below `/scim/directory/{directoryId}`, and for nothing else. */
  readonly scim: { readonly directoryId: string; readonly key: string };
}

/** The credentials that carry scopes. */
export type ScopedCredential = "oauth" | "scopedToken" | "serviceAccountToken";
