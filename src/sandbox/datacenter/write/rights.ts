import { Refusal } from "../../http/Refusal.js";
import type { Caller } from "../Caller.js";
import type { DataCenterOptions } from "../DataCenterOptions.js";

/** Groups and memberships of a read-only directory take no change: 403, where accounts answer 400. */
export function requireWritableGroups({ readOnlyDirectory = false }: DataCenterOptions): void {
  if (readOnlyDirectory) throw new Refusal(403, "Groups cannot be changed: the directory is read-only.");
}

/** Accounts of a read-only directory take no change: 400. */
export function requireWritableUsers({ readOnlyDirectory = false }: DataCenterOptions): void {
  if (readOnlyDirectory) throw new Refusal(400, "Users cannot be changed: the directory is read-only.");
}

/** Refuses a caller who does not administer the instance: 401 when it is anonymous, 403 otherwise. */
export function requireAdministrator({ user, isAdministrator }: Caller): void {
  if (isAdministrator) return;
  if (user === null) throw new Refusal(401, "User is not authenticated.");
  throw new Refusal(403, `User ${user.username} is not permitted to perform this operation.`);
}
