import { Refusal } from "../../http/Refusal.js";
import type { Reply } from "../../http/Reply.js";
import { limits } from "../../limits.js";
import type { WorldGroup } from "../../world/World.js";
import type { CloudCall, CloudRoutes } from "../CloudCall.js";
import { isObject } from "../isObject.js";
import { mapGroup, requireWritable } from "./groups.js";
import { pageV1 } from "./pageV1.js";
import { readRequired } from "./readQuery.js";

/** Groups. There is no call for many groups by id. */
export const groupRoutes: CloudRoutes = {
  "GET /wiki/rest/api/group": listGroups,
  "GET /wiki/rest/api/group/by-id": (call) => ({
    status: 200,
    body: mapGroup(call, findGroup(call, "id")),
  }),
  "GET /wiki/rest/api/group/picker": pickGroups,
  "POST /wiki/rest/api/group": createGroup,
  "DELETE /wiki/rest/api/group/by-id": (call) => {
    const group = findGroup(call, "id");
    requireWritable(group);
    call.state.groups.remove(group.id);
    // Else its grants stay behind in the spaces, naming a group that nobody finds any more.
    if (call.state.deletedGroupsLoseGrants) call.state.spaces.removeGrantsOfGroup(group.id);
    return { status: 204 };
  },
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
  const name: unknown = isObject(body) ? body.name : undefined;
  if (typeof name !== "string" || name.trim() === "" || name.length > limits.nameLength) {
    throw new Refusal(400, `name must be a text of 1 to ${limits.nameLength} characters.`);
  }
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

function findGroup(call: CloudCall, parameter: string): WorldGroup {
  const id = readRequired(call.query, parameter);
  const group = call.state.groups.get(id);
  if (group === undefined) throw new Refusal(404, `No group with id ${id} exists.`);
  return group;
}
