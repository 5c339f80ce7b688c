import type { Operation } from "./Operation.js";
import type { Principal } from "./Principal.js";

/** A permission on the site as a whole, as Data Center has them: `use/application`, `create/space`. */
export interface GlobalGrant {
  readonly principal: Principal;
  readonly operation: Operation;
}
