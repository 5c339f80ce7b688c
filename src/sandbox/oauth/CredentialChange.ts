import type { ScopedCredential } from "./SandboxCredentials.js";

/** What `POST /__sandbox/credentials` takes. Whatever is left out stays as it is; a reset takes all of it back. */
export interface CredentialChange {
  /** From now on the only secret the token endpoint accepts. Tokens that were given out stay valid. */
  readonly clientSecret?: string;
  readonly apiToken?: string;
  readonly scopedApiToken?: string;
  readonly serviceAccountToken?: string;
  readonly organizationApiKey?: string;
  readonly scimKey?: string;
  /**
   * A list for all three scoped credentials, or one a credential. API tokens carry the new scopes at once, access tokens only
   * when issued after the change: add `expireTokens` to end those that still carry the old ones.
   */
  readonly scopes?: Readonly<Partial<Record<ScopedCredential, readonly string[]>>>;
  /** For access tokens issued from now on. */
  readonly tokenLifetimeSeconds?: number;
  /** Ends every access token at once. */
  readonly expireTokens?: boolean;
}
