import type { Grant } from "../../domain/Grant.js";
import type { GrantAddress } from "./GlobalId.js";

/** Where a grant is stored: the part of its global id that names it within its site. */
export function grantAddress(grant: Grant): GrantAddress {
  switch (grant.kind) {
    case "membership":
      return { kind: "membership", groupId: grant.groupId, accountId: grant.accountId };
    case "nesting":
      return { kind: "nesting", groupId: grant.groupId, memberGroupId: grant.memberGroupId };
    case "global":
      return { kind: "global", operation: grant.operation, principal: grant.principal };
    case "permission":
      return { kind: "permission", spaceId: grant.spaceId, permissionId: grant.permissionId };
    case "role":
      return { kind: "role", spaceId: grant.spaceId, roleId: grant.roleId, principal: grant.principal };
  }
}
