import type { CredentialParts } from "./CredentialParts.js";
import { type DataCenterCredentialKind, dataCenterCredentialKinds } from "./credentialKinds.js";
import type { DataCenterCredential } from "./DataCenterCredential.js";
import { hasCredentialOf } from "./hasCredentialOf.js";
import { reportForeignCredential } from "./reportForeignCredential.js";
import { Secret } from "./Secret.js";
import type { SiteReport } from "./SiteReport.js";

const needed = {
  "personal-access-token": ["personalAccessToken"],
  password: ["username", "password"],
} as const satisfies Readonly<Record<DataCenterCredentialKind, readonly (keyof CredentialParts)[]>>;

/**
 * The credential that the parts make up, or `null` after reporting everything that is missing or does not belong.
 * Without a kind the parts tell it, unless a token and a password are both there: neither is taken silently.
 */
export function resolveDataCenterCredential(parts: CredentialParts, report: SiteReport): DataCenterCredential | null {
  const isForeign = reportForeignCredential("datacenter", parts, report);
  // What belongs here has been said with the part that does not.
  if (isForeign && !hasCredentialOf("datacenter", parts)) return null;
  const kind = dataCenterCredentialKinds.find((known) => known === parts.kind) ?? kindOf(parts, report);
  if (kind === null) return null;
  const missing = needed[kind].filter((name) => parts[name] === undefined);
  for (const name of missing) report.tell(name, `is required for a credential of kind ${kind}`);
  if (isForeign || missing.length > 0) return null;
  const { personalAccessToken = "", username = "", password = "" } = parts;
  return kind === "password"
    ? { kind, username, password: new Secret(password) }
    : { kind, token: new Secret(personalAccessToken) };
}

function kindOf(parts: CredentialParts, { nameOf, tell }: SiteReport): DataCenterCredentialKind | null {
  const hasToken = parts.personalAccessToken !== undefined;
  const ofPassword = needed.password.filter((name) => parts[name] !== undefined).map(nameOf);
  if (hasToken && ofPassword.length > 0) {
    const others = ofPassword.join(" and ");
    tell("personalAccessToken", `is set together with ${others}: keep one of them, or say which by ${nameOf("kind")}`);
    return null;
  }
  if (hasToken || ofPassword.length > 0) return hasToken ? "personal-access-token" : "password";
  tell("personalAccessToken", `is required, or else ${needed.password.map(nameOf).join(" with ")}`);
  return null;
}
