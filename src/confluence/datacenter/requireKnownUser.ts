import { SiteError } from "../../domain/SiteError.js";
import { readShape } from "../readShape.js";
import { currentUserWire } from "./wire/userWire.js";

export const currentUser = {
  method: "GET",
  call: "GET /rest/api/user/current",
  path: "/rest/api/user/current",
} as const;

/**
 * Who an answer of `user/current` says that we are. Where anonymous may use the site, a wrong token is no error there but a
 * silent anonymous: only `type: "known"` proves a credential, anything else is `CredentialRejected`.
 */
export function requireKnownUser(body: unknown) {
  const { call } = currentUser;
  const { type, userKey, username, displayName } = readShape(currentUserWire, body, call);
  if (type === "known" && userKey) return { userKey, username: username ?? null, displayName: displayName ?? null };
  throw new SiteError(
    "CredentialRejected",
    `${call} answered that we are ${type ?? "nobody"}: the site ignored the credential and treats us as anonymous. Check the personal access token (wrong, expired or revoked), or the user name and the password.`,
    { call, status: 200 },
  );
}
