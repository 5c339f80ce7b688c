import { Refusal } from "../../http/Refusal.js";
import type { CloudCall } from "../CloudCall.js";

/** Role routes exist only on sites with role-based access; before that they answer 404, like anything hidden. */
export function requireRoles(call: CloudCall): void {
  if (call.state.mode === "PRE_ROLES") throw new Refusal(404, "Space roles are not available on this site.");
}
