import { type Account, rolesUntold } from "../domain/Account.js";
import { type Gap, gapFromError } from "../domain/Complete.js";
import type { AccountId } from "../domain/ids.js";
import { SiteError } from "../domain/SiteError.js";
import type { AccountFacts, GroupsReading } from "./AccountFacts.js";

/**
 * What a reading of an account says for access: an account, `null` for an id that no account list knows (rule 2), or the
 * error that kept it from being read.
 */
export function describeAccount(
  accountId: AccountId,
  account: Account | SiteError | null,
  groups: GroupsReading,
): AccountFacts {
  if (account === null || account instanceof SiteError)
    return {
      accountId,
      displayName: null,
      kind: "UNKNOWN",
      status: "UNKNOWN",
      isLicensed: null,
      hasAdminRole: null,
      roleGaps: [],
      gaps: account === null ? [] : [gapFromError(`account ${accountId}`, account)],
      groups,
    };
  return {
    accountId,
    displayName: account.displayName,
    kind: account.kind,
    status: account.status,
    isLicensed: account.isLicensed,
    ...adminRoleOf(account),
    gaps: gapsOf(account),
    groups,
  };
}

/** A role on another site makes nobody an administrator here, and a list that was not told whole proves no absence. */
function adminRoleOf({ accountId, roles }: Account): Pick<AccountFacts, "hasAdminRole" | "roleGaps"> {
  if (roles === null) return { hasAdminRole: null, roleGaps: [] };
  const isHeld = roles.items.some(({ name, isOnThisSite }) => name === "atlassian/admin" && isOnThisSite);
  if (isHeld || roles.isWhole) return { hasAdminRole: isHeld, roleGaps: [] };
  return { hasAdminRole: null, roleGaps: [rolesUntold(accountId)] };
}

function gapsOf({ accountId, status, organizationError, factsError }: Account): readonly Gap[] {
  const unread = status === "UNKNOWN" ? factsError : undefined;
  return [
    ...(organizationError === null
      ? []
      : [gapFromError(`what the organization knows of account ${accountId}`, organizationError)]),
    ...(unread === undefined ? [] : [gapFromError(`status of account ${accountId}`, unread)]),
  ];
}
