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

/** Principal × entitlement × resource, as the site stores it: a membership of a group, or something a space grants. */
export type Grant = MembershipGrant | (SpaceGrant & GrantFacts & { readonly spaceId: SpaceId });
