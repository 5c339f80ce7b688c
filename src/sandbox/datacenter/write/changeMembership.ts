import type { DataCenterCall } from "../DataCenterCall.js";
import { findGroup } from "./findGroup.js";
import { findUser } from "./findUser.js";
import { requireWritableGroups } from "./requireWritableGroups.js";

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
