import { Refusal } from "../../http/Refusal.js";
import type { DataCenterUser } from "../../world/World.js";
import type { DataCenterCall } from "../DataCenterCall.js";

/** Anonymous sees spaces, but no people and no groups. */
export function requireUser({ caller }: DataCenterCall): DataCenterUser {
  if (caller.user === null) throw new Refusal(403, "Not permitted to view users : anonymous");
  return caller.user;
}
