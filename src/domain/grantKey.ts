import type { AccountId, GroupId, SpaceId } from "./ids.js";
import type { SpaceGrant } from "./SpaceGrant.js";
import { spaceGrantKey } from "./spaceGrantKey.js";

/** One string for one membership within its site; see `Grant.key`. */
export function membershipKey(groupId: GroupId, accountId: AccountId): string {
  return `group\u0000${groupId}\u0000${accountId}`;
}

/** One string for one grant of a space within its site; see `Grant.key`. */
export function grantKey(spaceId: SpaceId, grant: SpaceGrant): string {
  return `space\u0000${spaceId}\u0000${spaceGrantKey(grant)}`;
}
