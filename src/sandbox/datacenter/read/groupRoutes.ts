import { Refusal } from "../../http/Refusal.js";
import type { Reply } from "../../http/Reply.js";
import { limits } from "../../limits.js";
import type { DataCenterUser } from "../../world/World.js";
import type { DataCenterCall, DataCenterRoutes } from "../DataCenterCall.js";
import { compareNames } from "../state/compareNames.js";
import { findGroup } from "./lookUps.js";
import { pageOf, readExpansions } from "./pageOf.js";
import { requireUser } from "./rights.js";
import { mapGroup, mapUser } from "./subjects.js";

/** Groups, their members and the groups in them. */
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
  "GET /rest/api/group/{groupName}/member": { handle: members },
  "GET /rest/api/group/{groupName}/groupmember": {
    handle: (call) => {
      requireMemberReader(call);
      return pageOfGroups(call, call.state.groups.childGroups(findGroup(call)));
    },
  },
};

/** Direct members; where the directory says so, those of child groups among them. */
function members(call: DataCenterCall): Reply {
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
