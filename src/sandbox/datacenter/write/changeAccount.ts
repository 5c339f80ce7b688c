import { Refusal } from "../../http/Refusal.js";
import type { DataCenterUser } from "../../world/World.js";
import type { DataCenterCall } from "../DataCenterCall.js";
import type { Profile } from "./checkPerson.js";
import { requireWritableUsers } from "./rights.js";

/** The group that every new user lands in, where it is there. */
const defaultGroup = "confluence-users";

/** Adds an account that takes a licence. 409 when the name is taken in any letter case, 402 when no licence is left. */
export function createAccount({ state, options }: DataCenterCall, username: string, profile: Profile): DataCenterUser {
  if (state.users.byName(username) !== undefined) {
    throw new Refusal(409, `A user with username ${username} already exists.`);
  }
  requireWritableUsers(options);
  if (options.licenceSeats !== undefined && state.licensed.all().length >= options.licenceSeats) {
    throw new Refusal(402, "There are no more licenses available to create a user.");
  }
  const user: DataCenterUser = { userKey: state.newId("user"), username, ...profile, status: "current" };
  state.addUser(user);
  state.groups.addMember(defaultGroup, username);
  return user;
}

/** Deactivates an account or takes that back. What is not to be changed stays, without a word; memberships stay always. */
export function setDisabled({ state, options }: DataCenterCall, user: DataCenterUser, isDisabled: boolean): void {
  requireWritableUsers(options);
  if (isDisabled) state.users.disable(user.userKey);
  else state.users.enable(user.userKey);
}
