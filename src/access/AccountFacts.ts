import type { AccountKind, AccountStatus } from "../domain/Account.js";
import type { Complete, Gap } from "../domain/Complete.js";
import type { AccountId, GroupId } from "../domain/ids.js";

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
