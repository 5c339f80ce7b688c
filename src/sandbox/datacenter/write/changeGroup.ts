import { Refusal } from "../../http/Refusal.js";
import { limits } from "../../limits.js";
import type { DataCenterCall } from "../DataCenterCall.js";
import type { DataCenterState } from "../state/DataCenterState.js";
import { findGroup, findUser } from "./lookUps.js";
import { requireWritableGroups } from "./rights.js";

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
  const { name } = findGroup(state, wanted);
  requireWritableGroups(options);
  const administering = state.groups.all().filter((each) => administers(state, each));
  if (administering.length === 1 && administering[0] === name) {
    throw new Refusal(400, `The group ${name} cannot be removed: it is the last one with administrators.`);
  }
  state.groups.remove(name);
}

function administers({ administrators, globals }: DataCenterState, name: string): boolean {
  if (administrators.some((each) => each.toLowerCase() === name.toLowerCase())) return true;
  return ["application", "system"].some((targetType) =>
    globals.has({ kind: "group", name }, { operationKey: "administer", targetType }),
  );
}

export interface MembershipChange {
  readonly username: string;
  readonly groupName: string;
  readonly isToBeMember: boolean;
}

/** Puts a user into a group or takes it out; nothing happens where it is so already. 404 for an unknown user or group. */
export function changeMembership({ state, options }: DataCenterCall, change: MembershipChange): void {
  const { username } = findUser(state, change.username);
  const { name } = findGroup(state, change.groupName);
  requireWritableGroups(options);
  if (change.isToBeMember) state.groups.addMember(name, username);
  else state.groups.removeMember(name, username);
}
