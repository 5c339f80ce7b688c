import type { Grant } from "./Grant.js";
import { spaceGrantKey } from "./spaceGrantKey.js";

/** One string for one grant within its site; lists of grants are ordered by it. */
export function grantKey(grant: Grant): string {
  return grant.kind === "membership"
    ? `group\u0000${grant.groupId}\u0000${grant.accountId}`
    : `space\u0000${grant.spaceId}\u0000${spaceGrantKey(grant)}`;
}
