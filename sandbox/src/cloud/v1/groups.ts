import { isObject, Refusal, type Reply } from "../../http/service.js";
import { limits } from "../../limits.js";
import type { WorldGroup } from "../../world/World.js";
import { type CloudCall, type CloudRoutes, pageV1, readExpansions, readName, readRequired } from "../requests.js";
import type { CloudState } from "../state/CloudState.js";
import { mapUser } from "./users.js";

/** Groups and who is in them. There is no call for many groups by id. */
export const groupRoutes: CloudRoutes = {
  "GET /wiki/rest/api/group": listGroups,
  "GET /wiki/rest/api/group/by-id": (call) => ({
    status: 200,
    body: mapGroup(call, findGroup(call)),
  }),
  "GET /wiki/rest/api/group/picker": pickGroups,
  "POST /wiki/rest/api/group": createGroup,
  "DELETE /wiki/rest/api/group/by-id": (call) => {
    const group = findGroup(call);
    requireWritable(group);
    call.state.groups.remove(group.id);
    // Else its grants stay behind in the spaces, naming a group that nobody finds any more.
    if (call.state.deletedGroupsLoseGrants) call.state.spaces.removeGrantsOfGroup(group.id);
    return { status: 204 };
  },
  "GET /wiki/rest/api/group/{groupId}/membersByGroupId": listMembers,
  "GET /wiki/rest/api/user/memberof": listGroupsOfUser,
  "POST /wiki/rest/api/group/userByGroupId": addMember,
  "DELETE /wiki/rest/api/group/userByGroupId": removeMember,
};

/** A limit above 200 is clamped: the document says "may be restricted by fixed system limits", and names no error for it. */
function listGroups(call: CloudCall): Reply {
  const accessType = call.query.get("accessType") ?? "";
  if (accessType !== "" && !["user", "admin", "site-admin"].includes(accessType)) {
    throw new Refusal(400, `accessType must be user, admin or site-admin, but was '${accessType}'.`);
  }
  const all = call.state.groups.sorted();
  const rows = accessType === "" ? all : all.filter((group) => group.accessType === accessType);
  return pageV1(call, { rows, show: (group) => mapGroup(call, group), tooLarge: "clamp", hasNextLink: true });
}

function pickGroups(call: CloudCall): Reply {
  const wanted = readRequired(call.query, "query").toLowerCase();
  const rows = call.state.groups.searchable().filter((group) => group.name.toLowerCase().includes(wanted));
  return pageV1(call, { rows, show: (group) => mapGroup(call, group), tooLarge: "refuse", hasNextLink: true });
}

function createGroup(call: CloudCall): Reply {
  const { state, now } = call;
  const body = call.json();
  const name = readName(isObject(body) ? body.name : undefined);
  if (state.groups.byName(name) !== undefined) throw new Refusal(400, `A group named '${name}' exists already.`);
  const group: WorldGroup = {
    id: state.newUuid(),
    name,
    usageType: "USERBASE_GROUP",
    managedBy: "ADMINS",
    members: [],
  };
  state.groups.put(group);
  state.groups.setSearchable(group.id, false);
  state.pending.later(now, () => state.groups.setSearchable(group.id, true), limits.searchLagMs);
  return { status: 201, body: mapGroup(call, group) };
}

function findGroup({ state, query }: CloudCall): WorldGroup {
  return groupWithId(state, readRequired(query, "id"));
}

function groupWithId({ groups }: CloudState, id: string): WorldGroup {
  const group = groups.get(id);
  if (group === undefined) throw new Refusal(404, `No group with id ${id} exists.`);
  return group;
}

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
  const group = groupWithId(state, groupId);
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
  const group = groupWithId(state, groupId);
  if (state.accounts.get(accountId) === undefined) throw new Refusal(404, `No user with id ${accountId} exists.`);
  requireWritable(group);
  state.groups.removeMember(groupId, accountId);
  return { status: 204 };
}

/** A group as v1 shows it. */
function mapGroup(call: CloudCall, group: WorldGroup): unknown {
  return {
    type: "group",
    name: group.name,
    id: group.id,
    usageType: group.usageType ?? "USERBASE_GROUP",
    managedBy: group.managedBy ?? "ADMINS",
    _links: { self: `${call.siteUrl}/wiki/rest/api/group/by-id?id=${encodeURIComponent(group.id)}` },
  };
}

/** Groups that an identity provider synchronises are read-only. With which status Confluence says so is documented nowhere. */
function requireWritable(group: WorldGroup): void {
  if (group.managedBy === "EXTERNAL") {
    throw new Refusal(403, `The group ${group.name} is managed by an external directory and is read-only.`);
  }
}
