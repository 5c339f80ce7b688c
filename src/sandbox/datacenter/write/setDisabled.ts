import type { DataCenterUser } from "../../world/World.js";
import type { DataCenterCall } from "../DataCenterCall.js";
import { requireWritableUsers } from "./requireWritableUsers.js";

/** Deactivates an account or takes that back. What is not to be changed stays, without a word; memberships stay always. */
export function setDisabled({ state, options }: DataCenterCall, user: DataCenterUser, isDisabled: boolean): void {
  requireWritableUsers(options);
  if (isDisabled) state.users.disable(user.userKey);
  else state.users.enable(user.userKey);
}
