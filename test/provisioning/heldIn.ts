import type { World } from "../../sandbox/src/world/World.js";

/** What one principal holds in a space of the sandbox's world: operations and `role <id>`, ordered. */
export function heldIn(world: World, spaceNumber: number, principalId: string): string[] {
  const space = world.cloud?.spaces.find(({ id }) => id === String(1000 + spaceNumber));
  const rows = space?.permissions.filter(({ principal }) => principal.id === principalId) ?? [];
  const roles = space?.roleAssignments.filter(({ principal }) => principal.principalId === principalId) ?? [];
  return [
    ...rows.map(({ operation }) => `${operation.key}/${operation.targetType}`),
    ...roles.map(({ roleId }) => `role ${roleId}`),
  ].sort();
}
