import type { DataCenterCall } from "../DataCenterCall.js";
import { changeMembership, createGroup, removeGroup } from "../write/changeGroup.js";
import { findGroup, findUser } from "../write/lookUps.js";
import type { RpcMethods } from "./RpcMethod.js";
import { readText } from "./readText.js";

/** Groups and memberships. */
export const groupMethods: RpcMethods = {
  addGroup: { arity: 1, handle: addGroup },
  removeGroup: { arity: 2, handle: (call, [name, heir]) => replaceGroup(call, readText(name), heir) },
  hasGroup: { arity: 1, handle: ({ state }, [name]) => state.groups.get(readText(name)) !== undefined },
  getGroups: { arity: 0, handle: ({ state }) => state.groups.all() },
  getUserGroups: { arity: 1, handle: ({ state }, [name]) => state.groups.of(findUser(state, readText(name)).username) },
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
  const target = heir === null ? null : findGroup(call.state, readText(heir)).name;
  const members = groups.members(name);
  removeGroup(call, name);
  if (target !== null) for (const { username } of members) groups.addMember(target, username);
  return true;
}

function setMember(call: DataCenterCall, user: unknown, group: unknown, isToBeMember: boolean): boolean {
  changeMembership(call, { username: readText(user), groupName: readText(group), isToBeMember });
  return true;
}
