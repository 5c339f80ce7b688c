import type { SpaceGrant } from "../../domain/Grant.js";
import type { AccountId, GroupId, RoleId } from "../../domain/ids.js";
import type { Principal } from "../../domain/Principal.js";
import type { RoleAssignmentWire } from "./wire/roleWire.js";
import type { SpacePermissionWire } from "./wire/spacePermissionWire.js";

/** A granular row as a grant. */
export function mapSpacePermission(row: SpacePermissionWire): SpaceGrant {
  return {
    kind: "permission",
    permissionId: String(row.id),
    principal: principalOf(row.principal.type, row.principal.id),
    operation: { key: row.operation.key, target: row.operation.targetType },
  };
}

/** A role assignment as a grant. */
export function mapRoleAssignment(row: RoleAssignmentWire): SpaceGrant {
  return {
    kind: "role",
    principal: principalOf(row.principal.principalType, row.principal.principalId),
    roleId: row.roleId as RoleId,
  };
}

/**
 * v2 permissions say `user`, `group`, `role` and, undocumented, `access-class`; assignments say `USER`, `GROUP`,
 * `ACCESS_CLASS`. Both spellings of an access class are one class; whatever else comes is kept under its own type.
 */
function principalOf(type: string, id: string): Principal {
  switch (type.toLowerCase().replaceAll("_", "-")) {
    case "user":
      return { kind: "account", accountId: id as AccountId };
    case "group":
      return { kind: "group", groupId: id as GroupId };
    case "access-class":
      return { kind: "accessClass", classId: id, reportedType: "access-class" };
    default:
      return { kind: "accessClass", classId: id, reportedType: type };
  }
}
