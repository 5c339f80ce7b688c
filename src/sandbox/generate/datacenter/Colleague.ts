import type { DataCenterUser } from "../../world/World.js";

/** A user of the default world, and the department that their groups follow from. */
export interface Colleague {
  readonly user: DataCenterUser;
  readonly department: string;
}
