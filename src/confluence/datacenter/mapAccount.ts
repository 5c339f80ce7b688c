import { type Account, type AccountStatus, withoutOrganization } from "../../domain/Account.js";
import type { AccountId } from "../../domain/ids.js";
import type { UserWire } from "./wire/userWire.js";

const statuses: ReadonlyMap<string, AccountStatus> = new Map([
  ["current", "ACTIVE"],
  // May sign in as far as its account goes; what it lacks is said by `isLicensed`.
  ["unlicensed", "ACTIVE"],
  ["deactivated", "DEACTIVATED"],
  ["externally_deleted", "CLOSED"],
]);

/** A user as an account. Its identity is the user key: user names can be given to somebody else. */
export function mapAccount(user: UserWire): Account {
  const status = statusOf(user);
  const reportedStatus = textOrNull(user.status);
  return {
    accountId: user.userKey as AccountId,
    username: textOrNull(user.username),
    displayName: textOrNull(user.displayName),
    publicName: null,
    email: textOrNull(user.email),
    kind: user.type === "known" ? "HUMAN" : "UNKNOWN",
    reportedKind: textOrNull(user.type),
    status,
    statusSource: status === "UNKNOWN" ? "NONE" : "CONFLUENCE",
    reportedStatus,
    personalSpaceId: null,
    ...withoutOrganization,
    isLicensed: reportedStatus?.toLowerCase() === "unlicensed" ? false : null,
  };
}

/**
 * A deleted user is left with its key for a name: that is closed, whatever else is said. A user that the site itself does
 * not know (`type: "unknown"`) is never active by its word, and where it gives no other, nobody knows.
 */
function statusOf({ type, status, username, userKey }: UserWire): AccountStatus {
  if (username === userKey) return "CLOSED";
  const told = statuses.get(status?.toLowerCase() ?? "") ?? "UNKNOWN";
  return type === "unknown" && told === "ACTIVE" ? "UNKNOWN" : told;
}

function textOrNull(text: string | null | undefined): string | null {
  return text === undefined || text === "" ? null : text;
}
