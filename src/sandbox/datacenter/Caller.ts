import type { DataCenterUser } from "../world/World.js";
import type { Subject } from "./state/Subject.js";

/** Who calls, and what that opens. */
export interface Caller {
  /** Null for anonymous. */
  readonly user: DataCenterUser | null;
  /** Whose permissions count for it: its own, its groups' with those above them, anonymous's where it may use the site. */
  readonly subjects: readonly Subject[];
  /** By a group of administrators or by a global permission: opens what only administrators may ask and change. */
  readonly isAdministrator: boolean;
  /** In a group of administrators: sees every space, whatever its permissions say. */
  readonly isSuperUser: boolean;
  /** Whether it may use the site at all: licensed, or an administrator. */
  readonly mayUse: boolean;
}
