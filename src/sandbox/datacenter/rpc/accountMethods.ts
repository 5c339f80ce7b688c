import { isObject } from "../../cloud/isObject.js";
import { Refusal } from "../../http/Refusal.js";
import type { DataCenterCall } from "../DataCenterCall.js";
import { createAccount, setDisabled } from "../write/changeAccount.js";
import { checkProfile, checkUserName } from "../write/checkPerson.js";
import { findUser } from "../write/lookUps.js";
import { requireWritableUsers } from "../write/rights.js";
import type { RpcMethods } from "./RpcMethod.js";
import { readText } from "./readText.js";

/** Accounts. There is no list of users here either. */
export const accountMethods: RpcMethods = {
  addUser: { arity: 2, handle: (call, [user, password]) => addUser(call, user, password) },
  getUser: { arity: 1, handle: getUser },
  hasUser: { arity: 1, handle: ({ state }, [name]) => state.users.byName(readText(name)) !== undefined },
  deactivateUser: { arity: 1, handle: (call, [name]) => toggle(call, name, true) },
  reactivateUser: { arity: 1, handle: (call, [name]) => toggle(call, name, false) },
  removeUser: { arity: 1, handle: (call, [name]) => removeUser(call, name) },
};

/** Answers null, also on success (2026-11-21, test "adds a user, answers null, and puts it into the default group"). */
function addUser(call: DataCenterCall, user: unknown, password: unknown): null {
  const { name, fullname, email } = isObject(user) ? user : {};
  const username = checkUserName(name);
  const profile = checkProfile(fullname, email);
  if (readText(password).trim() === "") throw new Refusal(400, "password should not be null or blank.");
  createAccount(call, username, profile);
  return null;
}

function getUser({ state, baseUrl }: DataCenterCall, [name]: readonly unknown[]): unknown {
  const { username, displayName, email, userKey } = findUser(state, readText(name));
  const url = `${baseUrl}/display/~${encodeURIComponent(username)}`;
  return { name: username, fullname: displayName, email, url, key: userKey };
}

function toggle(call: DataCenterCall, name: unknown, isDisabled: boolean): boolean {
  setDisabled(call, findUser(call.state, readText(name)), isDisabled);
  return true;
}

/** At once, where REST takes its time. */
function removeUser({ state, options }: DataCenterCall, name: unknown): boolean {
  const { userKey } = findUser(state, readText(name));
  requireWritableUsers(options);
  state.removeUser(userKey);
  return true;
}
