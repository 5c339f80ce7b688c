import { randomBytes } from "node:crypto";
import { isAuthorized } from "../cloud/isAuthorized.js";
import { allScopes } from "./allScopes.js";
import type { CredentialChange } from "./CredentialChange.js";
import { isSameSecret } from "./isSameSecret.js";
import { readBearer } from "./readBearer.js";
import type { SandboxCredentials, ScopedCredential } from "./SandboxCredentials.js";

/** Who calls, once the credential was accepted. */
export interface Caller {
  readonly email: string;
  /** Null where the credential carries none and may do everything. */
  readonly scopes: ReadonlySet<string> | null;
}

/** What the token endpoint gives out. */
export interface IssuedToken {
  readonly accessToken: string;
  readonly expiresInSeconds: number;
  readonly scopes: readonly string[];
}

/** What the credentials are now, without a single secret. */
export interface CredentialStatus {
  readonly clientId: string;
  readonly scopes: Readonly<Record<ScopedCredential, readonly string[]>>;
  readonly tokenLifetimeSeconds: number;
  /** Access tokens that are valid. */
  readonly validTokens: number;
}

/** How a book begins. */
export interface CredentialSettings {
  readonly credentials: SandboxCredentials;
  /** All of them for a credential that is left out. */
  readonly scopes: Readonly<Partial<Record<ScopedCredential, readonly string[]>>>;
  readonly tokenLifetimeSeconds: number;
}

interface Token {
  readonly expiresAt: number;
  readonly scopes: readonly string[];
}

/** Who service accounts are to Confluence; Atlassian gives each an address that nobody reads. */
const serviceAccountEmail = "service-account@serviceaccount.sandbox.test";

/** The secrets that are accepted now, and the access tokens given out. Access tokens are opaque and die with a reset. */
export class CredentialBook {
  #credentials: SandboxCredentials;
  #scopes: Record<ScopedCredential, readonly string[]>;
  #tokenLifetimeSeconds: number;
  readonly #tokens = new Map<string, Token>();

  constructor({ credentials, scopes, tokenLifetimeSeconds }: CredentialSettings) {
    this.#credentials = credentials;
    this.#scopes = { oauth: allScopes, scopedToken: allScopes, serviceAccountToken: allScopes, ...scopes };
    this.#tokenLifetimeSeconds = tokenLifetimeSeconds;
  }

  get current(): SandboxCredentials {
    return this.#credentials;
  }

  /** On the site's own address: e-mail and unscoped token, nothing else. Null is a 401. */
  forSite(authorization: string | undefined): Caller | null {
    const { basic } = this.#credentials;
    return isAuthorized(authorization, basic) ? { email: basic.email, scopes: null } : null;
  }

  /** Behind the gateway: everything but the unscoped token. Null is a 401, an expired token included. */
  forGateway(authorization: string | undefined, now: number): Caller | null {
    const { scopedToken, serviceAccountToken } = this.#credentials;
    if (isAuthorized(authorization, scopedToken)) {
      return { email: scopedToken.email, scopes: new Set(this.#scopes.scopedToken) };
    }
    const bearer = readBearer(authorization);
    if (bearer === null) return null;
    if (isSameSecret(bearer, serviceAccountToken)) {
      return { email: serviceAccountEmail, scopes: new Set(this.#scopes.serviceAccountToken) };
    }
    const token = this.#tokens.get(bearer);
    if (token === undefined || token.expiresAt <= now) return null;
    return { email: serviceAccountEmail, scopes: new Set(token.scopes) };
  }

  isOrganizationKey(authorization: string | undefined): boolean {
    const bearer = readBearer(authorization);
    return bearer !== null && isSameSecret(bearer, this.#credentials.organization.apiKey);
  }

  isScimKey(authorization: string | undefined): boolean {
    const bearer = readBearer(authorization);
    return bearer !== null && isSameSecret(bearer, this.#credentials.scim.key);
  }

  /** A new access token with the scopes of this moment; null for a wrong client or secret. Older ones stay valid. */
  issue(clientId: string, clientSecret: string, now: number): IssuedToken | null {
    const { oauth } = this.#credentials;
    // Both are compared whatever the first says.
    const isClient = isSameSecret(clientId, oauth.clientId);
    const isSecret = isSameSecret(clientSecret, oauth.clientSecret);
    if (!isClient || !isSecret) return null;
    for (const [token, { expiresAt }] of this.#tokens) if (expiresAt <= now) this.#tokens.delete(token);
    const accessToken = randomBytes(48).toString("base64url");
    const scopes = this.#scopes.oauth;
    this.#tokens.set(accessToken, { expiresAt: now + this.#tokenLifetimeSeconds * 1000, scopes });
    return { accessToken, expiresInSeconds: this.#tokenLifetimeSeconds, scopes };
  }

  change(change: CredentialChange): void {
    const { basic, scopedToken, oauth, organization, scim } = this.#credentials;
    this.#credentials = {
      basic: { ...basic, apiToken: change.apiToken ?? basic.apiToken },
      scopedToken: { ...scopedToken, apiToken: change.scopedApiToken ?? scopedToken.apiToken },
      serviceAccountToken: change.serviceAccountToken ?? this.#credentials.serviceAccountToken,
      oauth: { ...oauth, clientSecret: change.clientSecret ?? oauth.clientSecret },
      organization: { ...organization, apiKey: change.organizationApiKey ?? organization.apiKey },
      scim: { ...scim, key: change.scimKey ?? scim.key },
    };
    this.#scopes = { ...this.#scopes, ...change.scopes };
    this.#tokenLifetimeSeconds = change.tokenLifetimeSeconds ?? this.#tokenLifetimeSeconds;
    if (change.expireTokens === true) this.#tokens.clear();
  }

  status(now: number): CredentialStatus {
    return {
      clientId: this.#credentials.oauth.clientId,
      scopes: this.#scopes,
      tokenLifetimeSeconds: this.#tokenLifetimeSeconds,
      validTokens: [...this.#tokens.values()].filter(({ expiresAt }) => expiresAt > now).length,
    };
  }
}
