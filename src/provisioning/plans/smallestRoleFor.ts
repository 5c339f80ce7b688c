import type { SpaceRole } from "../../domain/Grant.js";
import { type Operation, operationName } from "../../domain/Operation.js";

/** The role with the fewest permissions that gives all of these; `null` when none does. */
export function smallestRoleFor(operations: readonly Operation[], roles: readonly SpaceRole[]): SpaceRole | null {
  const wanted = operations.map(operationName);
  const giving = roles.filter(({ permissions }) => {
    const given = new Set(permissions.map(operationName));
    return wanted.every((name) => given.has(name));
  });
  return giving.reduce<SpaceRole | null>(
    (smallest, role) => (smallest === null || role.permissions.length < smallest.permissions.length ? role : smallest),
    null,
  );
}
