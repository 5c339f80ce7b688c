import type { NameRules } from "../confluence/port.js";
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
      /** Of a revocation: this stored row alone, and no other that gives the same. */
      readonly permissionId?: string;
    }
  | {
      readonly kind: "grantRole";
      readonly spaceId: SpaceId;
      readonly principal: Principal;
      readonly roleId: RoleId;
      /** What happens where the principal holds another role there: it can have one at most. */
      readonly onExistingRole: "KEEP" | "REPLACE" | "REFUSE";
      /** The one role that it may replace: the principal must hold it still. */
      readonly inPlaceOf?: RoleId;
    }
  | { readonly kind: "revokeRole"; readonly spaceId: SpaceId; readonly principal: Principal; readonly roleId: RoleId };

/** A stored row of a space that is to go, by its id. Who holds it and what it gives is told by the reading that decides. */
export interface RowRevocation {
  readonly kind: "revokeRow";
  readonly spaceId: SpaceId;
  readonly permissionId: string;
}

/** A change as a caller may name it. */
export type AskedChange = Change | RowRevocation;

/** A change of who is in a group. */
export type MembershipChange = Extract<Change, { kind: "grantMembership" | "revokeMembership" }>;

/** A change of what a space grants. */
export type SpaceChange = Exclude<Change, MembershipChange>;

/** A change as a caller asks for it, its groups and classes named as everything that is read names them. */
export function canonicalNames<C extends AskedChange>(names: NameRules, change: C): C {
  if ("groupId" in change) return { ...change, groupId: names.groupId(change.groupId) };
  if (change.kind === "revokeRow") return { ...change, permissionId: names.permissionId(change.permissionId) };
  return { ...change, principal: names.principal(change.principal) };
}
