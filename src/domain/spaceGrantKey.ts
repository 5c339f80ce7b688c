import { principalKey } from "./principalKey.js";
import type { SpaceGrant } from "./SpaceGrant.js";

/** One string for one grant within its space: a granular row by its id, an assignment by who holds which role. */
export function spaceGrantKey(grant: SpaceGrant): string {
  return grant.kind === "permission"
    ? `permission\u0000${grant.permissionId}`
    : `role\u0000${grant.roleId}\u0000${principalKey(grant.principal)}`;
}
