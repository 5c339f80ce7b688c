import type { RoleId } from "../domain/ids.js";
import type { Operation } from "../domain/Operation.js";

/** One write call of a plan. */
export type Step =
  | { readonly kind: "addPermission"; readonly operation: Operation }
  | { readonly kind: "removePermission"; readonly permissionId: string; readonly operation: Operation }
  | { readonly kind: "setRole"; readonly roleId: RoleId | null }
  | { readonly kind: "addMember" }
  | { readonly kind: "removeMember" };
