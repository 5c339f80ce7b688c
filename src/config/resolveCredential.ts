import type { CredentialKind } from "./credentialKinds.js";
import { Secret } from "./Secret.js";
import type { SiteCredential } from "./SiteConfig.js";

/** What was given of a credential, each part checked by itself. */
export interface CredentialParts {
  readonly kind?: CredentialKind | undefined;
  readonly email?: string | undefined;
  readonly apiToken?: string | undefined;
  readonly clientId?: string | undefined;
  readonly clientSecret?: string | undefined;
  readonly cloudId?: string | undefined;
}

type PartName = Exclude<keyof CredentialParts, "kind">;

const needed: Readonly<Record<CredentialKind, readonly PartName[]>> = {
  "api-token": ["email", "apiToken"],
  "scoped-api-token": ["email", "apiToken"],
  oauth: ["clientId", "clientSecret"],
  "service-account-token": ["apiToken"],
};

const foreign: Readonly<Record<CredentialKind, readonly PartName[]>> = {
  "api-token": ["clientId", "clientSecret", "cloudId"],
  "scoped-api-token": ["clientId", "clientSecret"],
  oauth: ["email", "apiToken"],
  "service-account-token": ["email", "clientId", "clientSecret"],
};

/**
 * The credential that the parts make up, or `null` after telling `report` everything that is missing or does not belong.
 * Without a kind the parts tell it: an OAuth client; an e-mail with a cloud id (a scoped token); an e-mail alone; a token
 * alone (a service account).
 */
export function resolveCredential(
  parts: CredentialParts,
  report: (part: PartName, problem: string) => void,
): SiteCredential | null {
  const kind = parts.kind ?? kindOf(parts);
  const missing = needed[kind].filter((name) => parts[name] === undefined);
  const extra = foreign[kind].filter((name) => parts[name] !== undefined);
  for (const name of missing) report(name, `is required for a credential of kind ${kind}`);
  for (const name of extra) report(name, `does not belong to a credential of kind ${kind}: leave it out`);
  if (missing.length > 0 || extra.length > 0) return null;
  return build(kind, parts);
}

function kindOf({ email, clientId, clientSecret, cloudId, apiToken }: CredentialParts): CredentialKind {
  if (clientId !== undefined || clientSecret !== undefined) return "oauth";
  if (email !== undefined) return cloudId === undefined ? "api-token" : "scoped-api-token";
  return apiToken === undefined ? "api-token" : "service-account-token";
}

function build(kind: CredentialKind, parts: CredentialParts): SiteCredential {
  const { email = "", clientId = "", cloudId = null } = parts;
  const apiToken = new Secret(parts.apiToken ?? "");
  switch (kind) {
    case "api-token":
      return { kind, email, apiToken };
    case "scoped-api-token":
      return { kind, email, apiToken, cloudId };
    case "oauth":
      return { kind, clientId, clientSecret: new Secret(parts.clientSecret ?? ""), cloudId };
    case "service-account-token":
      return { kind, apiToken, cloudId };
  }
}
