import type { SpaceRole } from "../../domain/Grant.js";
import type { RoleId } from "../../domain/ids.js";
import type { Operation } from "../../domain/Operation.js";
import type { RoleWire } from "./wire/roleWire.js";

/** A role definition; its permissions are written `operation/target`. */
export function mapSpaceRole(role: RoleWire): SpaceRole {
  return {
    roleId: role.id as RoleId,
    name: role.name,
    description: role.description ?? null,
    reportedType: role.type,
    permissions: role.spacePermissions.map(mapPermission),
  };
}

function mapPermission(permission: string): Operation {
  const slash = permission.indexOf("/");
  return slash < 0
    ? { key: permission, target: "" }
    : { key: permission.slice(0, slash), target: permission.slice(slash + 1) };
}
