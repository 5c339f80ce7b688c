import type { AccountFacts } from "./AccountFacts.js";
import type { GroupMemberships } from "./GroupMemberships.js";
import type { Licence } from "./Licence.js";
import type { Membership } from "./Membership.js";
import type { SiteIndex } from "./SiteIndex.js";
import type { Standing } from "./Standing.js";

/** An account against the rules of its site, ready to be asked about any space. Build it with `resolveAccount`. */
export interface ResolvedAccount {
  readonly facts: AccountFacts;
  readonly site: SiteIndex;
  readonly groups: GroupMemberships;
  readonly licence: Licence;
  /** Whether it can do nothing at all because it is not active (rule 2). */
  readonly isBarred: boolean;
  /** Membership of the super group (rule 6). */
  readonly superuser: Membership;
  /**
   * One, or two where it could not be read whether the account is licensed and both would give it something: what a
   * licence gives and what its absence gives are never held together.
   */
  readonly standings: readonly Standing[];
}
