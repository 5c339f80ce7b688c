import type { Operation } from "../../domain/Operation.js";
import type { Holder } from "./Holder.js";

/** One row of a list of permissions, whichever call it came by. */
export interface PermissionHolding {
  readonly holder: Holder;
  readonly operation: Operation;
}
