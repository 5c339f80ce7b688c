import { isObject, Refusal, type Reply } from "../http/service.js";
import {
  type DataCenterCall,
  type DataCenterRoutes,
  findSpace,
  groupNamed,
  requireWritableUsers,
  userNamed,
} from "./requests.js";
import { changeMembership, createGroup, removeGroup } from "./rest/groups.js";
import { checkProfile, checkUserName, createAccount, setDisabled } from "./rest/users.js";
import type { DataCenterState } from "./state/DataCenterState.js";
import { type Operation, type Subject, spacePermissionTypes } from "./state/spaces.js";

const service = "/rpc/json-rpc/confluenceservice-v2";

/**
 * The JSON-RPC service, deprecated and there in every version, in its two forms: the method in the path, the list of parameters as
 * the body, the bare result as the answer; and JSON-RPC proper, where all of that stands in the body, one call or a list of them.
 * A method that is not emulated answers 501 and names itself.
 */
export const rpcRoutes: DataCenterRoutes = {
  [`POST ${service}/{method}`]: { handle: answerShort },
  [`POST ${service}`]: { handle: answerFull },
};

/** Every failure is a 200 (2026-11-21, test "answers failures as an error object in a 200"). */
type Outcome = { readonly result: unknown } | { readonly error: { readonly code: number; readonly message: string } };

function answerShort(call: DataCenterCall): Reply {
  const outcome = run(call, call.params.method ?? "", call.json());
  return { status: 200, body: "error" in outcome ? outcome : outcome.result };
}

function answerFull(call: DataCenterCall): Reply {
  const body = call.json();
  const isBatch = Array.isArray(body) && body.length > 0;
  return { status: 200, body: isBatch ? body.map((each: unknown) => answerOne(call, each)) : answerOne(call, body) };
}

/** What a client counts its calls by, `id` and `jsonrpc`, comes back as it was sent; a call without an id is answered all the same. */
function answerOne(call: DataCenterCall, request: unknown): unknown {
  if (!isObject(request) || typeof request.method !== "string") {
    return {
      jsonrpc: "2.0",
      error: { code: -32_600, message: "The request must be an object with a method." },
      id: null,
    };
  }
  const { jsonrpc, id = null, method, params = [] } = request;
  return { ...(jsonrpc === undefined ? {} : { jsonrpc }), ...run(call, method, params), id };
}

function run(call: DataCenterCall, name: string, parameters: unknown): Outcome {
  const { caller } = call;
  const method = rpcMethods.get(name);
  if (method === undefined) throw new Refusal(501, `The sandbox does not emulate the JSON-RPC method ${name}.`);
  if (!Array.isArray(parameters) || parameters.length !== method.arity) {
    return failure(`java.lang.IllegalArgumentException: ${name} takes a list of ${method.arity} parameters.`);
  }
  if (!caller.isAdministrator) {
    const who = caller.user === null ? "Anonymous" : `User ${caller.user.username}`;
    return failure(`com.atlassian.confluence.rpc.NotPermittedException: ${who} is not permitted to do this.`);
  }
  try {
    return { result: method.handle(call, parameters) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return failure(`com.atlassian.confluence.rpc.RemoteException: ${error.message}`);
  }
}

function failure(message: string): Outcome {
  return { error: { code: 500, message } };
}

/** One method of the JSON-RPC service. Throws `Refusal` for what it refuses, whose status nobody sees. */
interface RpcMethod {
  /** How many parameters it takes; none is optional. */
  readonly arity: number;
  readonly handle: (call: DataCenterCall, parameters: readonly unknown[]) => unknown;
}

/** Methods by name. */
type RpcMethods = Readonly<Record<string, RpcMethod>>;

/** A parameter that must be a text. */
function readText(parameter: unknown): string {
  if (typeof parameter !== "string") throw new Refusal(400, "A parameter is not of the type that the method wants.");
  return parameter;
}

/** Accounts. There is no list of users here either. */
const accountMethods: RpcMethods = {
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
  const { username, displayName, email, userKey } = userNamed(state, readText(name));
  const url = `${baseUrl}/display/~${encodeURIComponent(username)}`;
  return { name: username, fullname: displayName, email, url, key: userKey };
}

function toggle(call: DataCenterCall, name: unknown, isDisabled: boolean): boolean {
  setDisabled(call, userNamed(call.state, readText(name)), isDisabled);
  return true;
}

/** At once, where REST takes its time. */
function removeUser({ state, options }: DataCenterCall, name: unknown): boolean {
  const { userKey } = userNamed(state, readText(name));
  requireWritableUsers(options);
  state.removeUser(userKey);
  return true;
}

/** Groups and memberships. */
const groupMethods: RpcMethods = {
  addGroup: { arity: 1, handle: addGroup },
  removeGroup: { arity: 2, handle: (call, [name, heir]) => replaceGroup(call, readText(name), heir) },
  hasGroup: { arity: 1, handle: ({ state }, [name]) => state.groups.get(readText(name)) !== undefined },
  getGroups: { arity: 0, handle: ({ state }) => state.groups.all() },
  getUserGroups: {
    arity: 1,
    handle: ({ state }, [name]) => state.groups.of(userNamed(state, readText(name)).username),
  },
  addUserToGroup: { arity: 2, handle: (call, [user, group]) => setMember(call, user, group, true) },
  removeUserFromGroup: { arity: 2, handle: (call, [user, group]) => setMember(call, user, group, false) },
};

function addGroup(call: DataCenterCall, [name]: readonly unknown[]): boolean {
  createGroup(call, name);
  return true;
}

/** Who was in the group is in `heir` afterwards; null lets them go. */
function replaceGroup(call: DataCenterCall, name: string, heir: unknown): boolean {
  const { groups } = call.state;
  const target = heir === null ? null : groupNamed(call.state, readText(heir));
  const members = groups.members(name);
  removeGroup(call, name);
  if (target !== null) for (const { username } of members) groups.addMember(target, username);
  return true;
}

function setMember(call: DataCenterCall, user: unknown, group: unknown, isToBeMember: boolean): boolean {
  changeMembership(call, { username: readText(user), groupName: readText(group), isToBeMember });
  return true;
}

/**
 * Space permissions. Unlike REST it wants nothing granted first, and `true` says only that it is so now (2026-11-21, test
 * "answers true even when nothing changes").
 */
const permissionMethods: RpcMethods = {
  getSpacePermissionSets: { arity: 1, handle: (call, [key]) => mapPermissionSets(call.state, spaceKey(call, key)) },
  addPermissionToSpace: { arity: 3, handle: (call, [type, name, key]) => grant(call, [type], name, key) },
  addPermissionsToSpace: { arity: 3, handle: (call, [types, name, key]) => grant(call, types, name, key) },
  addAnonymousPermissionToSpace: { arity: 2, handle: (call, [type, key]) => grant(call, [type], null, key) },
  addAnonymousPermissionsToSpace: { arity: 2, handle: (call, [types, key]) => grant(call, types, null, key) },
  removePermissionFromSpace: { arity: 3, handle: (call, [type, name, key]) => revoke(call, type, name, key) },
  removeAnonymousPermissionFromSpace: { arity: 2, handle: (call, [type, key]) => revoke(call, type, null, key) },
};

function grant(call: DataCenterCall, types: unknown, name: unknown, key: unknown): boolean {
  if (!Array.isArray(types)) throw new Refusal(400, "The permissions must be a list.");
  const space = spaceKey(call, key);
  const subject = readSubject(call, name);
  for (const operation of types.map(readType)) call.state.spaces.grant(space, subject, operation);
  return true;
}

function revoke(call: DataCenterCall, type: unknown, name: unknown, key: unknown): boolean {
  const space = spaceKey(call, key);
  const operation = readType(type);
  const { state } = call;
  const holder: Subject =
    name === null ? { kind: "anonymous" } : findHolder(state, readText(name), { key: space, operation });
  state.spaces.revoke(space, holder, operation);
  return true;
}

function spaceKey(call: DataCenterCall, key: unknown): string {
  return findSpace(call, readText(key)).key;
}

function readType(type: unknown): Operation {
  const operation = spacePermissionTypes.get(readText(type));
  if (operation === undefined) throw new Refusal(400, `The permission type ${String(type)} is not valid.`);
  return operation;
}

/** A user before a group of the same name (2026-11-21, test "takes a name as a user's before it takes it as a group's"). */
function readSubject({ state }: DataCenterCall, name: unknown): Subject {
  if (name === null) return { kind: "anonymous" };
  const wanted = readText(name);
  const user = state.users.byName(wanted);
  if (user !== undefined) return { kind: "user", userKey: user.userKey };
  const group = state.groups.get(wanted);
  if (group !== undefined) return { kind: "group", name: group.name };
  throw new Refusal(404, `No user or group with the name ${wanted} exists.`);
}

/** A permission in a space. */
interface Held {
  readonly key: string;
  readonly operation: Operation;
}

/**
 * Whom a name means where a permission is taken away: a user before a group, and, where no user has the name, also what is
 * left of deleted users: their rows are removed by the name that they are listed under (2026-11-21, test "is removed by that
 * name, though no user has it"). Of several, the one that holds the permission is meant. A group that was deleted is not found.
 */
function findHolder({ users, groups, spaces }: DataCenterState, name: string, { key, operation }: Held): Subject {
  const user = users.byName(name);
  if (user !== undefined) return { kind: "user", userKey: user.userKey };
  const group = groups.get(name);
  const isKnown = (subject: Subject): boolean => spaces.rowsOf(key, subject).length > 0;
  const left: readonly Subject[] = [
    ...(users.byKey(name) === undefined ? [{ kind: "user", userKey: name } as const] : []),
    { kind: "lost-user", username: name },
  ];
  const candidates: readonly Subject[] = [
    ...(group === undefined ? [] : [{ kind: "group", name: group.name } as const]),
    ...left.filter(isKnown),
  ];
  const found = candidates.find((subject) => spaces.has(key, subject, operation)) ?? candidates[0];
  if (found === undefined) throw new Refusal(404, `No user or group with the name ${name} exists.`);
  return found;
}

interface RemotePermission {
  readonly type: string;
  readonly userName: string | null;
  readonly groupName: string | null;
}

/** One set a permission. All of the fourteen are there, empty ones too; others follow under names of their own. */
function mapPermissionSets(state: DataCenterState, key: string): unknown {
  const sets = new Map<string, RemotePermission[]>([...spacePermissionTypes.keys()].map((type) => [type, []]));
  for (const { subject, operation } of state.spaces.rows(key)) {
    const holder = mapHolder(state, subject);
    if (holder === null) continue;
    const type = typeOf(operation);
    const set = sets.get(type) ?? [];
    set.push({ type, ...holder });
    sets.set(type, set);
  }
  return [...sets].map(([type, spacePermissions]) => ({ type, spacePermissions }));
}

function typeOf({ operationKey, targetType }: Operation): string {
  for (const [type, operation] of spacePermissionTypes) {
    if (operation.operationKey === operationKey && operation.targetType === targetType) return type;
  }
  return `${operationKey}${targetType}`.toUpperCase();
}

/** Two nulls are anonymous, so there is no way to say "unlicensed": null leaves it out. */
function mapHolder({ users }: DataCenterState, subject: Subject): Omit<RemotePermission, "type"> | null {
  switch (subject.kind) {
    case "user":
      // Of a deleted user the key is all that is left (2026-11-21, test "names a deleted user by its key").
      return { userName: users.byKey(subject.userKey)?.username ?? subject.userKey, groupName: null };
    case "lost-user":
      return { userName: subject.username, groupName: null };
    case "group":
      return { userName: null, groupName: subject.name };
    case "anonymous":
      return { userName: null, groupName: null };
    case "unlicensed":
      return null;
  }
}

/** Every emulated method. A map, so that no inherited property is taken for one. */
export const rpcMethods: ReadonlyMap<string, RpcMethod> = new Map(
  Object.entries({ ...accountMethods, ...groupMethods, ...permissionMethods }),
);
