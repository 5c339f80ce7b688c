import type { AccountId, GroupId, RoleId, SpaceId } from "../domain/ids.js";
import type { Operation } from "../domain/Operation.js";
import type { Principal } from "../domain/Principal.js";

/** One change of access, as asked for. It names what shall hold afterwards, not the calls that make it so. */
export type Change =
  | { readonly kind: "grantMembership" | "revokeMembership"; readonly groupId: GroupId; readonly accountId: AccountId }
  | {
      readonly kind: "grantPermissions" | "revokePermissions";
      readonly spaceId: SpaceId;
      readonly principal: Principal;
      /** Never empty. */
      readonly operations: readonly Operation[];
    }
  | {
      readonly kind: "grantRole" | "revokeRole";
      readonly spaceId: SpaceId;
      readonly principal: Principal;
      readonly roleId: RoleId;
    };
