import { isObject } from "../../cloud/isObject.js";
import { Refusal } from "../../http/Refusal.js";
import type { Reply } from "../../http/Reply.js";
import { limits } from "../../limits.js";
import type { DataCenterCall, DataCenterRoutes } from "../DataCenterCall.js";
import { features } from "../features.js";
import { createAccount, setDisabled } from "./changeAccount.js";
import { checkProfile, checkUserName } from "./checkPerson.js";
import { findUser } from "./lookUps.js";
import { requireAdministrator, requireWritableUsers } from "./rights.js";

/** Accounts. Passwords are taken and forgotten: nobody signs in with them. */
export const accountRoutes: DataCenterRoutes = {
  "POST /rest/api/admin/user": { since: features.createUser, handle: create },
  "PUT /rest/api/admin/user/{username}": { since: features.updateAccount, handle: update },
  "POST /rest/api/admin/user/{username}/password": { since: features.createUser, handle: changePassword },
  "PUT /rest/api/admin/user/{username}/disable": { handle: (call) => toggle(call, true) },
  "PUT /rest/api/admin/user/{username}/enable": { handle: (call) => toggle(call, false) },
  "DELETE /rest/api/admin/user/{username}": { handle: remove },
};

function create(call: DataCenterCall): Reply {
  requireAdministrator(call.caller);
  const { userName, fullName, email, password, notifyViaEmail } = readObject(call);
  const username = checkUserName(userName);
  const profile = checkProfile(fullName, email);
  if (typeof notifyViaEmail !== "boolean") throw new Refusal(400, "notifyViaEmail should be true or false.");
  if (notifyViaEmail && password !== undefined && password !== null) {
    throw new Refusal(400, "password should not be specified when notifyViaEmail is true.");
  }
  if (!notifyViaEmail) checkPassword(password);
  const { userKey } = createAccount(call, username, profile);
  return { status: 201, body: { userKey } };
}

/** Both names and address are wanted, also the one that stays the same. */
function update(call: DataCenterCall): Reply {
  requireAdministrator(call.caller);
  const { fullName, email } = readObject(call);
  const user = named(call);
  const profile = checkProfile(fullName, email);
  requireWritableUsers(call.options);
  call.state.replaceUser(user.userKey, { ...user, ...profile });
  return { status: 204 };
}

function changePassword(call: DataCenterCall): Reply {
  requireAdministrator(call.caller);
  const { password } = readObject(call);
  named(call);
  checkPassword(password);
  requireWritableUsers(call.options);
  return { status: 204 };
}

function toggle(call: DataCenterCall, isDisabled: boolean): Reply {
  requireAdministrator(call.caller);
  setDisabled(call, named(call), isDisabled);
  return { status: 204 };
}

/**
 * Accepted now, done later: until the long task has finished the user is there as before (2026-11-21, test "deletes a user
 * later, with its memberships, and leaves its grants behind").
 */
function remove(call: DataCenterCall): Reply {
  requireAdministrator(call.caller);
  const { state, options, now } = call;
  const { userKey } = named(call);
  requireWritableUsers(options);
  const id = state.tasks.start(now, options.longTaskMs ?? limits.asynchronousWorkMs, () => state.removeUser(userKey));
  return { status: 202, body: { id, links: { status: `/rest/api/longtask/${id}` } } };
}

function named({ state, params }: DataCenterCall): ReturnType<typeof findUser> {
  return findUser(state, params.username ?? "");
}

function readObject(call: DataCenterCall): Readonly<Record<string, unknown>> {
  const body = call.json();
  if (!isObject(body)) throw new Refusal(400, "The body must be a JSON object.");
  return body;
}

function checkPassword(password: unknown): void {
  if (typeof password === "string" && password.trim() !== "") return;
  throw new Refusal(400, "password should not be null or blank.");
}
