import { type Account, type AccountKind, type AccountStatus, rolesUntold } from "../domain/Account.js";
import { type Complete, type Gap, gapFromError } from "../domain/Complete.js";
import type { AccountId, GroupId } from "../domain/ids.js";
import { SiteError } from "../domain/SiteError.js";

/**
 * The groups an account is a direct member of. A gap of the list itself hides any group. Where the groups come from member
 * lists turned round, more is known, and only what matters to an answer turns it UNKNOWN.
 */
export interface GroupsReading extends Complete<GroupId> {
  /** Groups whose member lists were not read whole, and why. For an account that was seen in one, that is no gap. */
  readonly unreadGroups?: ReadonlyMap<GroupId, readonly Gap[]>;
  /** Groups whose member lists were read whole: an account that was not seen in one is no member, whatever else is missing. */
  readonly wholeGroups?: ReadonlySet<GroupId>;
}

/** What is known of an account. */
export interface AccountFacts {
  readonly accountId: AccountId;
  readonly displayName: string | null;
  readonly kind: AccountKind;
  readonly status: AccountStatus;
  /** `null`: nobody says, or, with `gaps`, it could not be read. */
  readonly isLicensed: boolean | null;
  /** Whether it holds the organization's role `atlassian/admin` on the site; `null` as above, or with `roleGaps`. */
  readonly hasAdminRole: boolean | null;
  /** Why its roles are not known whole although the organization knows the account. */
  readonly roleGaps: readonly Gap[];
  /** Why facts of the account itself are missing: what is `UNKNOWN` or `null` above is then a gap, not an absence. */
  readonly gaps: readonly Gap[];
  readonly groups: GroupsReading;
}

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
