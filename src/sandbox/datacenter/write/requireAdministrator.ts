import { Refusal } from "../../http/Refusal.js";
import type { Caller } from "../Caller.js";

/** Refuses a caller who does not administer the instance: 401 when it is anonymous, 403 otherwise. */
export function requireAdministrator({ user, isAdministrator }: Caller): void {
  if (isAdministrator) return;
  if (user === null) throw new Refusal(401, "User is not authenticated.");
  throw new Refusal(403, `User ${user.username} is not permitted to perform this operation.`);
}
