import type { CredentialKind } from "./credentialKinds.js";

/** What was given of a credential, whatever the deployment, each part checked by itself. */
export interface CredentialParts {
  readonly kind?: CredentialKind | undefined;
  readonly email?: string | undefined;
  readonly apiToken?: string | undefined;
  readonly clientId?: string | undefined;
  readonly clientSecret?: string | undefined;
  readonly cloudId?: string | undefined;
  readonly personalAccessToken?: string | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}
