import type { WorldRoleAssignment } from "../../world/World.js";

/** A principal has one role in a space, so the principal names the row. */
export function assignmentKey({ principal }: Pick<WorldRoleAssignment, "principal">): string {
  return `${principal.principalType} ${principal.principalId}`;
}
