import type { CloudCredential } from "./CloudCredential.js";
import type { CredentialParts } from "./CredentialParts.js";
import { type CloudCredentialKind, cloudCredentialKinds } from "./credentialKinds.js";
import { hasCredentialOf } from "./hasCredentialOf.js";
import { reportForeignCredential } from "./reportForeignCredential.js";
import { Secret } from "./Secret.js";
import type { SiteReport } from "./SiteReport.js";

type CloudPart = "email" | "apiToken" | "clientId" | "clientSecret" | "cloudId";

const needed: Readonly<Record<CloudCredentialKind, readonly CloudPart[]>> = {
  "api-token": ["email", "apiToken"],
  "scoped-api-token": ["email", "apiToken"],
  oauth: ["clientId", "clientSecret"],
  "service-account-token": ["apiToken"],
};

const superfluous: Readonly<Record<CloudCredentialKind, readonly CloudPart[]>> = {
  "api-token": ["clientId", "clientSecret", "cloudId"],
  "scoped-api-token": ["clientId", "clientSecret"],
  oauth: ["email", "apiToken"],
  "service-account-token": ["email", "clientId", "clientSecret"],
};

/**
 * The credential that the parts make up, or `null` after reporting everything that is missing or does not belong.
 * Without a kind the parts tell it: an OAuth client; an e-mail with a cloud id (a scoped token); an e-mail alone; a token
 * alone (a service account).
 */
export function resolveCloudCredential(parts: CredentialParts, report: SiteReport): CloudCredential | null {
  const isForeign = reportForeignCredential("cloud", parts, report);
  // What belongs here has been said with the part that does not.
  if (isForeign && !hasCredentialOf("cloud", parts)) return null;
  const kind = cloudCredentialKinds.find((known) => known === parts.kind) ?? kindOf(parts);
  const missing = needed[kind].filter((name) => parts[name] === undefined);
  const extra = superfluous[kind].filter((name) => parts[name] !== undefined);
  for (const name of missing) report.tell(name, `is required for a credential of kind ${kind}`);
  for (const name of extra) report.refuse(name, `does not belong to a credential of kind ${kind}: leave it out`);
  if (isForeign || missing.length > 0 || extra.length > 0) return null;
  return build(kind, parts);
}

function kindOf({ email, clientId, clientSecret, cloudId, apiToken }: CredentialParts): CloudCredentialKind {
  if (clientId !== undefined || clientSecret !== undefined) return "oauth";
  if (email !== undefined) return cloudId === undefined ? "api-token" : "scoped-api-token";
  return apiToken === undefined ? "api-token" : "service-account-token";
}

function build(kind: CloudCredentialKind, parts: CredentialParts): CloudCredential {
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
