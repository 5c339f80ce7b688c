import { isObject } from "../cloud/isObject.js";
import { Refusal } from "../http/Refusal.js";
import type { Reply } from "../http/Reply.js";
import type { WorldGroup } from "../world/World.js";
import type { OrganizationCall, OrganizationRoutes } from "./OrganizationCall.js";
import { listKeyOf, pageOrganization } from "./pageOrganization.js";
import { type FilterRules, type Filters, readBodyFilters, readQueryFilters } from "./readFilters.js";

const rules: FilterRules = { groupIds: null, accountIds: null };
const groups = "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups";

/** Groups and who is in them. The GET form is deprecated (it ends on 2027-06-30) and takes the same filters. */
export const groupRoutes: OrganizationRoutes = {
  [`POST ${groups}/search`]: (call) => search(call, readBodyFilters(call, rules)),
  [`GET ${groups}`]: (call) => search(call, readQueryFilters(call, rules)),
  [`POST ${groups}/{groupId}/memberships`]: addMember,
  [`DELETE ${groups}/{groupId}/memberships/{accountId}`]: removeMember,
};

function search(call: OrganizationCall, filters: Filters): Reply {
  const { state, directoryId } = call;
  const ids = filters.lists.get("groupIds");
  const accountIds = filters.lists.get("accountIds");
  const term = filters.searchTerm?.toLowerCase();
  const groupIds =
    accountIds && new Set(accountIds.flatMap((id) => state.groups.groupsOf(id).map((group) => group.id)));
  const rows = state.groups
    .sorted()
    .filter(
      ({ id, name }) =>
        (ids?.includes(id) ?? true) &&
        (groupIds?.has(id) ?? true) &&
        (term === undefined || name.toLowerCase().includes(term)),
    );
  return pageOrganization(listKeyOf("groups", filters), filters, {
    rows,
    idOf: (group) => group.id,
    show: ({ id, name, managedBy }) => ({
      id,
      name,
      description: "",
      directoryId,
      externalSynced: managedBy === "EXTERNAL",
    }),
  });
}

function addMember(call: OrganizationCall): Reply {
  const group = findGroup(call);
  const body = call.json();
  const accountId: unknown = isObject(body) ? body.accountId : undefined;
  if (typeof accountId !== "string" || accountId === "") throw new Refusal(400, "accountId is missing.");
  const account = call.directory.get(accountId);
  if (account === undefined)
    throw new Refusal(404, `The organization has no user with id ${accountId}.`, "ADMIN-404-1");
  requireWritable(group);
  if (call.state.groups.hasMember(group.id, accountId)) {
    throw new Refusal(409, "The user is already a member of the group.", "ADMIN-409-28");
  }
  call.state.groups.addMember(group.id, accountId);
  return { status: 204 };
}

function removeMember(call: OrganizationCall): Reply {
  const group = findGroup(call);
  const accountId = call.params.accountId ?? "";
  requireWritable(group);
  if (!call.state.groups.hasMember(group.id, accountId)) {
    throw new Refusal(404, "The user is not a member of the group.", "ADMIN-404-3");
  }
  call.state.groups.removeMember(group.id, accountId);
  return { status: 204 };
}

function findGroup({ state, params }: OrganizationCall): WorldGroup {
  const groupId = params.groupId ?? "";
  const group = state.groups.get(groupId);
  if (group === undefined) throw new Refusal(404, `The organization has no group with id ${groupId}.`, "ADMIN-404-2");
  return group;
}

function requireWritable({ name, managedBy }: WorldGroup): void {
  if (managedBy !== "EXTERNAL") return;
  throw new Refusal(403, `The group ${name} is synchronised from an identity provider and is read-only.`);
}
