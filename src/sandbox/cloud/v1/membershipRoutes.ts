import { Refusal } from "../../http/Refusal.js";
import type { Reply } from "../../http/Reply.js";
import type { CloudCall, CloudRoutes } from "../CloudCall.js";
import { isObject } from "../isObject.js";
import { mapGroup, requireWritable } from "./groups.js";
import { mapUser } from "./mapUser.js";
import { pageV1 } from "./pageV1.js";
import { readExpansions, readRequired } from "./readQuery.js";

/** Who is in which group. */
export const membershipRoutes: CloudRoutes = {
  "GET /wiki/rest/api/group/{groupId}/membersByGroupId": listMembers,
  "GET /wiki/rest/api/user/memberof": listGroupsOfUser,
  "POST /wiki/rest/api/group/userByGroupId": addMember,
  "DELETE /wiki/rest/api/group/userByGroupId": removeMember,
};

/**
 * An unknown group answers an empty page, not a 404 (2026-11-20, test "answers an empty member page for a group that does
 * not exist").
 */
function listMembers(call: CloudCall): Reply {
  const { state, params, query } = call;
  const expansions = readExpansions(query);
  return pageV1(call, {
    rows: state.groups.visibleMembers(params.groupId ?? ""),
    show: (id) => mapUser(call, id, state.accounts.get(id), expansions),
    tooLarge: "refuse",
    hasNextLink: true,
  });
}

/** The document knows no 404 here, so an unknown account answers an empty page too. */
function listGroupsOfUser(call: CloudCall): Reply {
  return pageV1(call, {
    rows: call.state.groups.groupsOf(readRequired(call.query, "accountId")),
    show: (group) => mapGroup(call, group),
    tooLarge: "clamp",
    hasNextLink: false,
  });
}

function addMember(call: CloudCall): Reply {
  const { state, query } = call;
  const groupId = readRequired(query, "groupId");
  const body = call.json();
  const accountId: unknown = isObject(body) ? body.accountId : undefined;
  if (typeof accountId !== "string" || accountId === "") throw new Refusal(400, "accountId is missing.");
  const group = state.groups.get(groupId);
  if (group === undefined) throw new Refusal(404, `No group with id ${groupId} exists.`);
  requireWritable(group);
  const account = state.accounts.get(accountId);
  if (account === undefined || account.accountStatus === "closed") {
    throw new Refusal(400, `accountId ${accountId} is not valid: no such user exists.`);
  }
  // What an existing member answers is documented nowhere; a 400 is what clients find hardest. The world may say otherwise.
  if (state.groups.hasMember(groupId, accountId) && state.addingMemberTwice === 400) {
    throw new Refusal(400, "The user is a member of the group already.");
  }
  state.groups.addMember(groupId, accountId);
  return { status: 201 };
}

function removeMember(call: CloudCall): Reply {
  const { state, query } = call;
  const groupId = readRequired(query, "groupId");
  const accountId = readRequired(query, "accountId");
  const group = state.groups.get(groupId);
  if (group === undefined) throw new Refusal(404, `No group with id ${groupId} exists.`);
  if (state.accounts.get(accountId) === undefined) throw new Refusal(404, `No user with id ${accountId} exists.`);
  requireWritable(group);
  state.groups.removeMember(groupId, accountId);
  return { status: 204 };
}
