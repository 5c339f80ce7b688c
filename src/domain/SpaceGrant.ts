import type { RoleId } from "./ids.js";
import type { Operation } from "./Operation.js";
import type { Principal } from "./Principal.js";

/** One thing that a space grants, exactly as Confluence stores it. */
export type SpaceGrant =
  | {
      readonly kind: "permission";
      /** The id of the stored row: what a revocation names. */
      readonly permissionId: string;
      readonly principal: Principal;
      readonly operation: Operation;
    }
  | { readonly kind: "role"; readonly principal: Principal; readonly roleId: RoleId };
