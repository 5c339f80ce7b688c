import type { WorldAccount } from "../../world/World.js";
import type { CloudCall } from "../CloudCall.js";
import type { UserExpansion } from "./readQuery.js";

/**
 * A user as v1 shows it: no status anywhere, and whether it is a guest by the old name only where that was expanded.
 * `account` is undefined for an id that the site no longer knows, such as a member left over from a deletion.
 */
export function mapUser(
  call: CloudCall,
  accountId: string,
  account: WorldAccount | undefined,
  expansions: ReadonlySet<UserExpansion> = new Set(),
): Record<string, unknown> {
  const encoded = encodeURIComponent(accountId);
  const isGuest = account?.isExternalCollaborator ?? false;
  const name = account?.displayName ?? "Unknown user";
  return {
    type: account === undefined ? "unknown" : "known",
    accountId,
    accountType: accountTypeOf(account),
    email: account === undefined || call.state.accounts.isEmailHidden(accountId) ? "" : account.email,
    publicName: name,
    displayName: name,
    timeZone: null,
    profilePicture: { path: `/wiki/aa-avatar/${encoded}`, width: 48, height: 48, isDefault: true },
    isGuest,
    ...(expansions.has("isExternalCollaborator") ? { isExternalCollaborator: isGuest } : {}),
    ...(expansions.has("operations") ? { operations: [{ operation: "use", targetType: "application" }] } : {}),
    ...(expansions.has("personalSpace") ? personalSpace(call, accountId) : {}),
    _expandable: {
      ...(expansions.has("operations") ? {} : { operations: "" }),
      ...(expansions.has("personalSpace") ? {} : { personalSpace: "" }),
    },
    _links: { self: `${call.siteUrl}/wiki/rest/api/user?accountId=${encoded}` },
  };
}

/** v1 knows people and apps; of anything else it does not tell the type. */
function accountTypeOf(account: WorldAccount | undefined): string {
  const type = account?.accountType;
  return type === "atlassian" || type === "app" ? type : "";
}

function personalSpace({ state, siteUrl }: CloudCall, accountId: string): { personalSpace?: unknown } {
  const space = state.spaces.personalSpaceOf(accountId);
  if (space === undefined) return {};
  const { id, key, alias = key, name, type, status } = space;
  return {
    personalSpace: {
      // v1 has numbers where v2 has texts. One beyond what a number can hold stays a text: a wrong id would be worse.
      id: Number.isSafeInteger(Number(id)) ? Number(id) : id,
      key,
      alias,
      name,
      type,
      status,
      _expandable: {},
      _links: { webui: `/spaces/${alias}`, self: `${siteUrl}/wiki/rest/api/space/${encodeURIComponent(key)}` },
    },
  };
}
