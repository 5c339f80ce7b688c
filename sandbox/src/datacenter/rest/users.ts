import { isObject, Refusal, type Reply } from "../../http/service.js";
import { limits } from "../../limits.js";
import type { DataCenterUser } from "../../world/World.js";
import { features } from "../options.js";
import {
  type DataCenterCall,
  type DataCenterRoutes,
  findUser,
  pageOf,
  readExpansions,
  requireAdministrator,
  requireAdministratorForWrite,
  requireUser,
  requireWritableUsers,
  userNamed,
} from "../requests.js";
import type { DataCenterState } from "../state/DataCenterState.js";
import { compareNames } from "../state/directory.js";
import type { Subject } from "../state/spaces.js";

/** Users, one by one and everybody. */
export const userRoutes: DataCenterRoutes = {
  "GET /rest/api/user/current": { handle: currentUser },
  "GET /rest/api/user": {
    handle: (call) => {
      requireUser(call);
      return { status: 200, body: mapUser(call, findUser(call), readExpansions(call.query)) };
    },
  },
  "GET /rest/api/user/memberof": { handle: groupsOfUser },
  "GET /rest/mobile/1.0/profile/{username}": { handle: mobileProfile },
  "GET /rest/api/user/list": { since: features.userList, handle: registeredUsers },
  "GET /rest/api/admin/users/list/active": { since: features.activeUsers, handle: activeUsers },
};

function currentUser(call: DataCenterCall): Reply {
  const { caller, state, query } = call;
  if (caller.user !== null) return { status: 200, body: mapUser(call, caller.user, readExpansions(query)) };
  const picture = profilePicture(state.contextPath);
  return { status: 200, body: { type: "anonymous", profilePicture: picture, displayName: "Anonymous" } };
}

/** Where `member` follows child groups, so does this, the other way round: both ask the same directory. */
function groupsOfUser(call: DataCenterCall): Reply {
  requireUser(call);
  const { state, options } = call;
  const { username } = findUser(call);
  const direct = state.groups.of(username);
  return pageOf(call, {
    rows: options.membersFollowNested === true ? state.groups.withAncestors(direct).toSorted(compareNames) : direct,
    show: (name) => mapGroup(call, name),
    defaultLimit: limits.dataCenterDefaultLimit,
    maxLimit: limits.dataCenterMaxGroups,
  });
}

/** Documented nowhere, and before 10.2 the only call that tells an e-mail. */
function mobileProfile(call: DataCenterCall): Reply {
  requireUser(call);
  const { state, baseUrl } = call;
  const { username, displayName, email } = userInPath(call);
  return {
    status: 200,
    body: {
      userName: username,
      fullName: displayName,
      email,
      avatarUrl: profilePicture(state.contextPath).path,
      url: `${baseUrl}/display/~${encodeURIComponent(username)}`,
      anonymous: false,
      unknownUser: false,
    },
  };
}

function registeredUsers(call: DataCenterCall): Reply {
  requireUser(call);
  const expansions = readExpansions(call.query);
  return pageOf(call, {
    rows: call.state.users.sorted(),
    show: (user) => mapUser(call, user, expansions),
    ...boundsOfEverybody,
  });
}

/** Those who count towards the licence, by last login, those who never did first. */
function activeUsers(call: DataCenterCall): Reply {
  requireAdministrator(call);
  const expansions = readExpansions(call.query);
  const hasEmail = call.state.version.isAtLeast(features.activeUserEmail);
  return pageOf(call, {
    rows: call.state.licensed.byLogin(),
    show: (user) => ({
      ...mapUser(call, user, expansions),
      ...(hasEmail ? { email: user.email, ...(expansions.has("lastLogin") ? lastLoginOf(user) : {}) } : {}),
    }),
    ...boundsOfEverybody,
  });
}

const boundsOfEverybody = { defaultLimit: limits.dataCenterDefaultUsers, maxLimit: limits.dataCenterMaxUsers };

function lastLoginOf({ lastLogin }: DataCenterUser): { readonly lastLogin?: string } {
  return lastLogin === undefined ? {} : { lastLogin: new Date(lastLogin).toISOString() };
}

/** A user as every list and lookup words it. There is no e-mail here, and no `active`: only `status`, and only when asked. */
export function mapUser(
  { baseUrl, state }: DataCenterCall,
  { username, userKey, displayName, status }: DataCenterUser,
  expansions: ReadonlySet<string>,
): Readonly<Record<string, unknown>> {
  const isStatusWanted = expansions.has("status");
  return {
    type: "known",
    username,
    userKey,
    profilePicture: profilePicture(state.contextPath),
    displayName,
    ...(isStatusWanted ? { status } : {}),
    _links: { self: `${baseUrl}/rest/api/user?key=${encodeURIComponent(userKey)}` },
    _expandable: isStatusWanted ? {} : { status: "" },
  };
}

/** A user who was deleted and of whom only the key is left, in place of the name as well. */
export function mapLostUser({ state }: DataCenterCall, userKey: string): Readonly<Record<string, unknown>> {
  const picture = profilePicture(state.contextPath);
  return {
    type: "unknown",
    username: userKey,
    userKey,
    profilePicture: picture,
    displayName: `Unknown User (${userKey})`,
  };
}

/**
 * Whom a permission is granted to. A user is told by key alone, under one type or another: what counts is which of
 * `userKey` and `name` is there (2026-11-21, test "tells users by key, whatever the type says").
 */
export function mapSubject({ users }: DataCenterState, subject: Subject): Readonly<Record<string, unknown>> {
  switch (subject.kind) {
    case "user":
      return {
        ...(users.byKey(subject.userKey) === undefined ? {} : { type: "known" }),
        userKey: subject.userKey,
      };
    case "lost-user":
      // Of somebody deleted long ago the name is all there is, and it stands in place of the key.
      return { type: "user", userKey: subject.username };
    case "group":
      return { type: "group", name: subject.name };
    default:
      return { type: subject.kind };
  }
}

/** A group: the name is all there is. */
export function mapGroup({ baseUrl }: DataCenterCall, name: string): Readonly<Record<string, unknown>> {
  return { type: "group", name, _links: { self: `${baseUrl}/rest/api/group/${encodeURIComponent(name)}` } };
}

/** The picture of somebody who has none of their own. */
function profilePicture(contextPath: string): Readonly<Record<string, unknown>> {
  return { path: `${contextPath}/images/icons/profilepics/default.svg`, width: 48, height: 48, isDefault: true };
}

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
  requireAdministratorForWrite(call);
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
  requireAdministratorForWrite(call);
  const { fullName, email } = readObject(call);
  const user = userInPath(call);
  const profile = checkProfile(fullName, email);
  requireWritableUsers(call.options);
  call.state.replaceUser(user.userKey, { ...user, ...profile });
  return { status: 204 };
}

function changePassword(call: DataCenterCall): Reply {
  requireAdministratorForWrite(call);
  const { password } = readObject(call);
  userInPath(call);
  checkPassword(password);
  requireWritableUsers(call.options);
  return { status: 204 };
}

function toggle(call: DataCenterCall, isDisabled: boolean): Reply {
  requireAdministratorForWrite(call);
  setDisabled(call, userInPath(call), isDisabled);
  return { status: 204 };
}

/**
 * Accepted now, done later: until the long task has finished the user is there as before (2026-11-21, test "deletes a user
 * later, with its memberships, and leaves its grants behind").
 */
function remove(call: DataCenterCall): Reply {
  requireAdministratorForWrite(call);
  const { state, options, now } = call;
  const { userKey } = userInPath(call);
  requireWritableUsers(options);
  const id = state.newId("task");
  state.pending.start(id, now, () => state.removeUser(userKey), options.longTaskMs);
  return { status: 202, body: { id, links: { status: `/rest/api/longtask/${id}` } } };
}

function userInPath({ state, params }: DataCenterCall): DataCenterUser {
  return userNamed(state, params.username ?? "");
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

/** A name that a new user may have; 400 for any other. `@` and `/` are allowed. */
export function checkUserName(value: unknown): string {
  if (typeof value !== "string" || value.trim() === "") throw new Refusal(400, "userName should not be null or blank.");
  if (/\s/.test(value)) throw new Refusal(400, "userName should not contain any whitespace characters.");
  if (/[\\,+<>'"]/.test(value)) {
    throw new Refusal(400, "userName should not contain any of these characters: \\ , + < > ' \"");
  }
  if (value.toLowerCase() === "anonymous") throw new Refusal(400, 'userName should not be "anonymous".');
  if (value !== value.toLowerCase()) throw new Refusal(400, "userName should not contain any upper case characters.");
  return value;
}

/** What a user may change of an account. */
interface Profile {
  readonly displayName: string;
  readonly email: string;
}

/** A full name and an e-mail that an account may have; 400 for any other. */
export function checkProfile(fullName: unknown, email: unknown): Profile {
  if (typeof fullName !== "string" || fullName.trim() === "") {
    throw new Refusal(400, "fullName should not be null or blank.");
  }
  if (/[<>]/.test(fullName)) throw new Refusal(400, "fullName should not contain any of these characters: < >");
  if (fullName.trim().toLowerCase() === "anonymous") throw new Refusal(400, 'fullName should not be "anonymous".');
  if (typeof email !== "string" || email.trim() === "") throw new Refusal(400, "email should not be null or blank.");
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) throw new Refusal(400, "email should be a valid email address.");
  return { displayName: fullName, email };
}
