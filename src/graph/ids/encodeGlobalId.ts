import type { Principal } from "../../domain/Principal.js";
import type { GlobalId } from "./GlobalId.js";

/** The opaque id of a thing: type, site and native id in one string that needs no escaping anywhere. */
export function encodeGlobalId(id: GlobalId): string {
  return Buffer.from(JSON.stringify(partsOf(id))).toString("base64url");
}

function partsOf(id: GlobalId): string[] {
  switch (id.type) {
    case "Site":
      return ["Site", id.siteId];
    case "Account":
      return ["Account", id.siteId, id.accountId];
    case "Group":
      return ["Group", id.siteId, id.groupId];
    case "AccessClass":
      return ["AccessClass", id.siteId, id.reportedType, id.classId];
    case "Space":
      return ["Space", id.siteId, id.spaceId];
    case "SpaceRole":
      return ["SpaceRole", id.siteId, id.roleId];
    case "Change":
      return ["Change", id.siteId, id.changeId];
    case "Grant":
      switch (id.kind) {
        case "membership":
          return ["Grant", id.siteId, "m", id.groupId, id.accountId];
        case "nesting":
          return ["Grant", id.siteId, "n", id.groupId, id.memberGroupId];
        case "global":
          return ["Grant", id.siteId, "s", id.operation.key, id.operation.target, ...principalParts(id.principal)];
        case "permission":
          return ["Grant", id.siteId, "p", id.spaceId, id.permissionId];
        case "role":
          return ["Grant", id.siteId, "r", id.spaceId, id.roleId, ...principalParts(id.principal)];
      }
  }
}

function principalParts(principal: Principal): string[] {
  switch (principal.kind) {
    case "account":
      return ["a", principal.accountId];
    case "group":
      return ["g", principal.groupId];
    case "accessClass":
      return ["c", principal.reportedType, principal.classId];
  }
}
