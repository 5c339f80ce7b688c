import type { GlobalGrant } from "./GlobalGrant.js";
import type { AccountId, GroupId, SiteId, SpaceId } from "./ids.js";
import type { SpaceGrant } from "./SpaceGrant.js";

interface GrantFacts {
  readonly siteId: SiteId;
  /** Names the grant within its site; lists of grants are ordered by it. Made by `grantKey`. */
  readonly key: string;
  /** When it was read, in milliseconds since the epoch. */
  readonly asOfMs: number;
}

/** That an account is a direct member of a group. */
export interface MembershipGrant extends GrantFacts {
  readonly kind: "membership";
  readonly accountId: AccountId;
  readonly groupId: GroupId;
}

/** That a group is a direct member of a group, and its members with it (Data Center). */
export interface NestingGrant extends GrantFacts {
  readonly kind: "nesting";
  readonly memberGroupId: GroupId;
  readonly groupId: GroupId;
}

/** A permission on the site as a whole (Data Center). */
export interface SiteWideGrant extends GrantFacts, GlobalGrant {
  readonly kind: "global";
}

/** Something that a space grants. */
export type StoredSpaceGrant = SpaceGrant & GrantFacts & { readonly spaceId: SpaceId };

/**
 * Principal × entitlement × resource, as the site stores it: a membership of a group, something a space grants, or a
 * permission on the site as a whole.
 */
export type Grant = MembershipGrant | NestingGrant | SiteWideGrant | StoredSpaceGrant;
