import type { SpaceKey } from "../../domain/ids.js";
import type { Operation } from "../../domain/Operation.js";
import type { Principal } from "../../domain/Principal.js";

/** One permission to grant or to revoke. */
export interface PermissionWrite {
  readonly key: SpaceKey;
  readonly principal: Principal;
  readonly operation: Operation;
  readonly isGrant: boolean;
}
