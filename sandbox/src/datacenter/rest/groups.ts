import { isObject, Refusal, type Reply } from "../../http/service.js";
import { limits } from "../../limits.js";
import type { DataCenterUser } from "../../world/World.js";
import {
  type DataCenterCall,
  type DataCenterRoutes,
  findGroup,
  groupNamed,
  pageOf,
  readExpansions,
  requireAdministratorForWrite,
  requireUser,
  requireWritableGroups,
  userNamed,
} from "../requests.js";
import type { DataCenterState } from "../state/DataCenterState.js";
import { compareNames } from "../state/directory.js";
import { mayAdministerSite } from "../state/spaces.js";
import { mapGroup, mapUser } from "./users.js";

const membership = "/rest/api/user/{username}/group/{groupName}";

/** Groups, their members and the groups in them. There is no call that renames a group or puts one into another. */
export const groupRoutes: DataCenterRoutes = {
  "GET /rest/api/group": {
    handle: (call) => {
      requireUser(call);
      return pageOfGroups(call, call.state.groups.all());
    },
  },
  "GET /rest/api/group/{groupName}": {
    handle: (call) => {
      requireUser(call);
      return { status: 200, body: mapGroup(call, findGroup(call)) };
    },
  },
  "GET /rest/api/group/{groupName}/member": { handle: listMembers },
  "GET /rest/api/group/{groupName}/groupmember": {
    handle: (call) => {
      requireMemberReader(call);
      return pageOfGroups(call, call.state.groups.childGroups(findGroup(call)));
    },
  },
  "POST /rest/api/admin/group": { handle: create },
  "DELETE /rest/api/admin/group/{groupName}": {
    handle: (call) => {
      requireAdministratorForWrite(call);
      removeGroup(call, call.params.groupName ?? "");
      return { status: 204 };
    },
  },
  [`PUT ${membership}`]: { handle: (call) => changeMembershipInPath(call, true) },
  [`DELETE ${membership}`]: { handle: (call) => changeMembershipInPath(call, false) },
};

/** Direct members; where the directory says so, those of child groups among them. */
function listMembers(call: DataCenterCall): Reply {
  requireMemberReader(call);
  const expansions = readExpansions(call.query);
  const { groups } = call.state;
  const name = findGroup(call);
  return pageOf(call, {
    rows: call.options.membersFollowNested === true ? membersBelow(call, name) : groups.members(name),
    show: (user) => mapUser(call, user, expansions),
    defaultLimit: limits.dataCenterDefaultLimit,
    maxLimit: limits.dataCenterMaxUsers,
  });
}

function membersBelow({ state: { groups } }: DataCenterCall, name: string): readonly DataCenterUser[] {
  const found = groups.withDescendants(name).flatMap((each) => groups.members(each));
  const each = new Map(found.map((user) => [user.userKey, user]));
  return [...each.values()].sort((a, b) => compareNames(a.username, b.username));
}

function pageOfGroups(call: DataCenterCall, rows: readonly string[]): Reply {
  return pageOf(call, {
    rows,
    show: (name) => mapGroup(call, name),
    defaultLimit: limits.dataCenterDefaultLimit,
    maxLimit: limits.dataCenterMaxGroups,
  });
}

/** 401, although the credential is good (2026-11-21, test "answers 401 on members to who is no administrator"). */
function requireMemberReader({ caller }: DataCenterCall): void {
  if (!caller.isAdministrator) throw new Refusal(401, "User not permitted to view the members of groups");
}

/** Without a `type` Confluence does not know what it reads (2026-11-21, test "wants the type of what is created"). */
function create(call: DataCenterCall): Reply {
  requireAdministratorForWrite(call);
  const body = call.json();
  if (!isObject(body) || body.type !== "group") throw new Refusal(400, "The body must be an object of type 'group'.");
  return { status: 200, body: mapGroup(call, createGroup(call, body.name)) };
}

function changeMembershipInPath(call: DataCenterCall, isToBeMember: boolean): Reply {
  requireAdministratorForWrite(call);
  const { username = "", groupName = "" } = call.params;
  changeMembership(call, { username, groupName, isToBeMember });
  return { status: 204 };
}

/** Adds an empty group. 400 for what is no name, 409 when it is taken in any letter case. */
export function createGroup({ state, options }: DataCenterCall, name: unknown): string {
  if (typeof name !== "string" || name.trim() === "" || name.length > limits.nameLength) {
    throw new Refusal(400, `name must be a text of 1 to ${limits.nameLength} characters.`);
  }
  if (state.groups.get(name) !== undefined) throw new Refusal(409, `A group with name ${name} already exists.`);
  requireWritableGroups(options);
  state.groups.add(name);
  return name;
}

/** Removes a group and its memberships; its grants stay. 404 for an unknown one, 400 for the last that administers. */
export function removeGroup({ state, options }: DataCenterCall, wanted: string): void {
  const name = groupNamed(state, wanted);
  requireWritableGroups(options);
  const administering = state.groups.all().filter((each) => administers(state, each));
  if (administering.length === 1 && administering[0] === name) {
    throw new Refusal(400, `The group ${name} cannot be removed: it is the last one with administrators.`);
  }
  state.groups.remove(name);
}

function administers({ administrators, globals }: DataCenterState, name: string): boolean {
  if (administrators.some((each) => each.toLowerCase() === name.toLowerCase())) return true;
  return mayAdministerSite(globals, { kind: "group", name });
}

export interface MembershipChange {
  readonly username: string;
  readonly groupName: string;
  readonly isToBeMember: boolean;
}

/** Puts a user into a group or takes it out; nothing happens where it is so already. 404 for an unknown user or group. */
export function changeMembership({ state, options }: DataCenterCall, change: MembershipChange): void {
  const { username } = userNamed(state, change.username);
  const name = groupNamed(state, change.groupName);
  requireWritableGroups(options);
  if (change.isToBeMember) state.groups.addMember(name, username);
  else state.groups.removeMember(name, username);
}
