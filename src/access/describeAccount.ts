import type { Account } from "../domain/Account.js";
import { gapFromError } from "../domain/gapFromError.js";
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
      gaps: account === null ? [] : [gapFromError(`account ${accountId}`, account)],
      groups,
    };
  return {
    accountId,
    displayName: account.displayName,
    kind: account.kind,
    status: account.status,
    isLicensed: account.isLicensed,
    hasAdminRole: account.roles === null ? null : account.roles.includes("atlassian/admin"),
    gaps:
      account.organizationError === null
        ? []
        : [gapFromError(`what the organization knows of account ${accountId}`, account.organizationError)],
    groups,
  };
}
