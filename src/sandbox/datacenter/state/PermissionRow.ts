import type { DataCenterPermission } from "../../world/World.js";
import type { Operation } from "./Operation.js";
import type { Subject } from "./Subject.js";

/** One grant. */
export interface PermissionRow {
  readonly subject: Subject;
  readonly operation: Operation;
  /** The subject in the words of the world file it came from, so that it goes back into one the same. */
  readonly stated?: DataCenterPermission["subject"];
}
