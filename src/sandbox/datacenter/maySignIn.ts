import type { DataCenterUser } from "../world/World.js";

/** Whether a user's credentials are good. Who has no licence may sign in, and then may do next to nothing. */
export function maySignIn({ status }: DataCenterUser): boolean {
  return status === "current" || status === "unlicensed";
}
