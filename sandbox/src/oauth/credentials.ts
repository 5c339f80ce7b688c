import { randomBytes, timingSafeEqual } from "node:crypto";

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

/** An e-mail and its API token. */
export interface SandboxCredential {
  readonly email: string;
  readonly apiToken: string;
}

/** Whether an `Authorization` header is Basic with exactly this credential. */
function isAuthorized(header: string | undefined, credential: SandboxCredential): boolean {
  const encoded = /^Basic +([A-Za-z0-9+/]+={0,2})$/i.exec(header ?? "")?.[1];
  if (encoded === undefined) return false;
  const given = Buffer.from(encoded, "base64").toString("utf8");
  return isSameSecret(given, `${credential.email}:${credential.apiToken}`);
}

/** What a sandbox accepts unless told otherwise. It opens nothing but sandboxes, so it may stand in documents. */
export const defaultCredential: SandboxCredential = { email: "admin@sandbox.test", apiToken: "sandbox-token" };

/** What a sandbox accepts unless told otherwise. They open nothing but sandboxes, so they may stand in documents. */
export const defaultCredentials: SandboxCredentials = {
  basic: defaultCredential,
  scopedToken: { email: defaultCredential.email, apiToken: "sandbox-scoped-token" },
  serviceAccountToken: "sandbox-service-account-token",
  oauth: { clientId: "sandbox-client", clientSecret: "sandbox-client-secret" },
  organization: { orgId: "sandbox-organization", apiKey: "sandbox-organization-key" },
  scim: { directoryId: "sandbox-directory", key: "sandbox-scim-key" },
};

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

/** Who calls, once the credential was accepted. */
export interface Caller {
  readonly email: string;
  /** Null where the credential carries none and may do everything. */
  readonly scopes: ReadonlySet<string> | null;
}

/** What the token endpoint gives out. */
interface IssuedToken {
  readonly accessToken: string;
  readonly expiresInSeconds: number;
  readonly scopes: readonly string[];
}

/** What the credentials are now, without a single secret. */
interface CredentialStatus {
  readonly clientId: string;
  readonly scopes: Readonly<Record<ScopedCredential, readonly string[]>>;
  readonly tokenLifetimeSeconds: number;
  /** Access tokens that are valid. */
  readonly validTokens: number;
}

/** How a book begins. */
interface CredentialSettings {
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
    return isBearer(authorization, this.#credentials.organization.apiKey);
  }

  isScimKey(authorization: string | undefined): boolean {
    return isBearer(authorization, this.#credentials.scim.key);
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

/** Compares two secrets in a time that tells nothing of them but how long they are. */
export function isSameSecret(given: string, accepted: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(accepted)];
  return one.length === other.length && timingSafeEqual(one, other);
}

function isBearer(header: string | undefined, secret: string): boolean {
  const bearer = readBearer(header);
  return bearer !== null && isSameSecret(bearer, secret);
}

/** The token of an `Authorization: Bearer …` header; null for any other header. */
function readBearer(header: string | undefined): string | null {
  return /^Bearer +(\S+)$/i.exec(header ?? "")?.[1] ?? null;
}

/**
 * The scopes that each emulated Confluence call needs behind the gateway, as Atlassian's OpenAPI documents name them: any one
 * of the lists, and all scopes of that list. The first list is the current one; where there are two, the first is classic and
 * the second granular.
 */
export const scopes: Readonly<Record<string, readonly (readonly string[])[]>> = {
  "GET /wiki/rest/api/group": [["read:confluence-groups"], ["read:group:confluence"]],
  "POST /wiki/rest/api/group": [["write:confluence-groups"], ["read:group:confluence", "write:group:confluence"]],
  "GET /wiki/rest/api/group/by-id": [["read:confluence-groups"], ["read:group:confluence"]],
  "DELETE /wiki/rest/api/group/by-id": [["write:confluence-groups"], ["write:group:confluence"]],
  "GET /wiki/rest/api/group/picker": [["read:confluence-groups"], ["read:group:confluence"]],
  "GET /wiki/rest/api/group/{groupId}/membersByGroupId": [
    ["read:confluence-groups"],
    ["read:group:confluence", "read:user:confluence"],
  ],
  "POST /wiki/rest/api/group/userByGroupId": [["write:confluence-groups"], ["write:group:confluence"]],
  "DELETE /wiki/rest/api/group/userByGroupId": [["write:confluence-groups"], ["write:group:confluence"]],
  "GET /wiki/rest/api/longtask/{id}": [["read:confluence-space.summary"], ["read:content.metadata:confluence"]],
  "GET /wiki/rest/api/search/user": [["read:content-details:confluence"]],
  "POST /wiki/rest/api/space/{spaceKey}/permission": [
    ["read:space.permission:confluence", "write:space.permission:confluence"],
  ],
  "DELETE /wiki/rest/api/space/{spaceKey}/permission/{id}": [["write:space.permission:confluence"]],
  "GET /wiki/rest/api/user": [["read:confluence-user"], ["read:content-details:confluence"]],
  "GET /wiki/rest/api/user/bulk": [["read:confluence-user"], ["read:content-details:confluence"]],
  "GET /wiki/rest/api/user/current": [["read:confluence-user"], ["read:content-details:confluence"]],
  "GET /wiki/rest/api/user/memberof": [["read:confluence-user"], ["read:user:confluence", "read:group:confluence"]],
  "GET /wiki/api/v2/space-permissions": [["read:space.permission:confluence"]],
  "GET /wiki/api/v2/space-role-mode": [["read:configuration:confluence"]],
  "GET /wiki/api/v2/space-roles": [["read:space.permission:confluence"]],
  "GET /wiki/api/v2/space-roles/{id}": [["read:space.permission:confluence"]],
  "POST /wiki/api/v2/space-roles": [["write:configuration:confluence"]],
  "PUT /wiki/api/v2/space-roles/{id}": [["write:configuration:confluence"]],
  "DELETE /wiki/api/v2/space-roles/{id}": [["write:configuration:confluence"]],
  "GET /wiki/api/v2/spaces": [["read:space:confluence"]],
  "GET /wiki/api/v2/spaces/{id}": [["read:space:confluence"]],
  "GET /wiki/api/v2/spaces/{id}/operations": [["read:space:confluence"]],
  "GET /wiki/api/v2/spaces/{id}/permissions": [["read:space:confluence"]],
  "GET /wiki/api/v2/spaces/{id}/role-assignments": [["read:space.permission:confluence"]],
  "POST /wiki/api/v2/spaces/{id}/role-assignments": [["write:space.permission:confluence"]],
  "POST /wiki/api/v2/users-bulk": [["read:user:confluence"]],
  "POST /wiki/api/v2/user/access/check-access-by-email": [["read:configuration:confluence"]],
  "POST /wiki/api/v2/user/access/invite-by-email": [["read:configuration:confluence"]],
};

/** Every scope that any emulated call needs: what a credential carries unless told otherwise. */
const allScopes: readonly string[] = [...new Set(Object.values(scopes).flat(2))].sort();
