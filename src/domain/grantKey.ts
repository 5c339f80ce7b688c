import type { GlobalGrant } from "./GlobalGrant.js";
import type { AccountId, GroupId, SpaceId } from "./ids.js";
import { principalKey } from "./principalKey.js";
import type { SpaceGrant } from "./SpaceGrant.js";
import { spaceGrantKey } from "./spaceGrantKey.js";

/** One string for one membership within its site; see `Grant.key`. */
export function membershipKey(groupId: GroupId, accountId: AccountId): string {
  return `group\u0000${groupId}\u0000${accountId}`;
}

/** One string for one group in a group within its site; see `Grant.key`. */
export function nestingKey(groupId: GroupId, memberGroupId: GroupId): string {
  return `nesting\u0000${groupId}\u0000${memberGroupId}`;
}

/** One string for one permission on the site as a whole; see `Grant.key`. */
export function globalGrantKey({ principal, operation }: GlobalGrant): string {
  return `global\u0000${operation.key}/${operation.target}\u0000${principalKey(principal)}`;
}

/** One string for one grant of a space within its site; see `Grant.key`. */
export function grantKey(spaceId: SpaceId, grant: SpaceGrant): string {
  return `space\u0000${spaceId}\u0000${spaceGrantKey(grant)}`;
}
