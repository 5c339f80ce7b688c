import { type Account, type AccountKind, type AccountStatus, withoutOrganization } from "../../domain/Account.js";
import type { AccountId, SpaceId } from "../../domain/ids.js";
import type { MemberWire } from "./wire/memberWire.js";
import type { UserWire } from "./wire/userWire.js";

const statuses: ReadonlyMap<string, AccountStatus> = new Map([
  ["active", "ACTIVE"],
  ["inactive", "INACTIVE"],
  ["closed", "CLOSED"],
]);

const kinds: ReadonlyMap<string, AccountKind> = new Map([
  ["atlassian", "HUMAN"],
  ["app", "APP"],
  ["customer", "CUSTOMER"],
]);

/** A row of `users-bulk` as an account. Empty text means "hidden" there and is null here. */
export function mapAccount(user: UserWire): Account {
  const kind = kinds.get(user.accountType ?? "") ?? "UNKNOWN";
  const status = statuses.get(user.accountStatus ?? "") ?? "UNKNOWN";
  const isGuest = kind === "HUMAN" && user.isExternalCollaborator === true;
  return {
    accountId: user.accountId as AccountId,
    username: null,
    displayName: textOrNull(user.displayName),
    publicName: textOrNull(user.publicName),
    email: textOrNull(user.email),
    kind: isGuest ? "GUEST" : kind,
    reportedKind: textOrNull(user.accountType),
    status,
    statusSource: status === "UNKNOWN" ? "NONE" : "CONFLUENCE",
    reportedStatus: textOrNull(user.accountStatus),
    personalSpaceId: textOrNull(user.personalSpaceId?.toString()) as SpaceId | null,
    ...withoutOrganization,
    // What an organization lists among a guest's products is no full licence.
    ...(isGuest ? { isLicensed: false } : {}),
  };
}

/** What a list tells of an account where `users-bulk` is refused: who it is, and nothing of its status. */
export function mapMember(member: MemberWire): Account {
  const { isExternalCollaborator, isGuest, ...rest } = member;
  return mapAccount({ ...rest, isExternalCollaborator: isExternalCollaborator ?? isGuest });
}

function textOrNull(text: string | null | undefined): string | null {
  return text === undefined || text === "" ? null : text;
}
