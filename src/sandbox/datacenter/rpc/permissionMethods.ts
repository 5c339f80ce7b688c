import { Refusal } from "../../http/Refusal.js";
import type { DataCenterCall } from "../DataCenterCall.js";
import { findSpace } from "../read/lookUps.js";
import type { Operation } from "../state/PermissionRow.js";
import type { Subject } from "../state/Subject.js";
import { spacePermissionTypes } from "../write/spacePermissionTypes.js";
import { findHolder } from "./findHolder.js";
import { mapPermissionSets } from "./mapPermissionSets.js";
import type { RpcMethods } from "./RpcMethod.js";
import { readText } from "./readText.js";

/**
 * Space permissions. Unlike REST it wants nothing granted first, and `true` says only that it is so now (2026-11-21, test
 * "answers true even when nothing changes").
 */
export const permissionMethods: RpcMethods = {
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
