import { isEmail } from "../cloud/v2/users.js";
import { isObject, isTexts, Refusal, type Reply } from "../http/service.js";
import { limits } from "../limits.js";
import type { WorldGroup } from "../world/World.js";
import { giveRoles, roleIds } from "./directory.js";
import {
  type FilterRules,
  type Filters,
  findUser,
  listKeyOf,
  type OrganizationCall,
  type OrganizationRoutes,
  pageOrganization,
  readBodyFilters,
  readQueryFilters,
  userWithId,
} from "./requests.js";

const groups = "/admin/v2/orgs/{orgId}/directories/{directoryId}/groups";
const roles = "/admin/v1/orgs/{orgId}/users/{accountId}/roles";

/** Groups and who is in them, roles on a product, and asking people in with either. */
export const groupAndRoleRoutes: OrganizationRoutes = {
  [`POST ${groups}/search`]: (call) => search(call, readBodyFilters(call, groupFilters)),
  // Deprecated (it ends on 2027-06-30); it takes the same filters.
  [`GET ${groups}`]: (call) => search(call, readQueryFilters(call, groupFilters)),
  [`POST ${groups}/{groupId}/memberships`]: addMember,
  [`DELETE ${groups}/{groupId}/memberships/{accountId}`]: removeMember,
  [`POST ${roles}/assign`]: assignRole,
  [`POST ${roles}/revoke`]: revokeRole,
  "POST /admin/v2/orgs/{orgId}/users/invite": invite,
};

const groupFilters: FilterRules = { groupIds: null, accountIds: null };

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
  userWithId(call, accountId);
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

/** What giving a role twice answers is documented nowhere; a 409 is what clients find hardest. */
function assignRole(call: OrganizationCall): Reply {
  const account = findUser(call);
  const role = readRole(call);
  const held = call.directory.rolesOf(account);
  if (held.includes(role)) throw new Refusal(409, `The user has the role ${role} already.`);
  call.state.accounts.put(giveRoles(account, [...held, role]));
  return { status: 204 };
}

function revokeRole(call: OrganizationCall): Reply {
  const account = findUser(call);
  const role = readRole(call);
  const held = call.directory.rolesOf(account);
  if (!held.includes(role)) throw new Refusal(404, `The user does not have the role ${role}.`);
  const kept = held.filter((each) => each !== role);
  call.state.accounts.put(giveRoles(account, kept));
  return { status: 204 };
}

function readRole(call: OrganizationCall): string {
  const body = call.json();
  const { role, resource } = isObject(body) ? body : {};
  if (typeof role !== "string" || !roleIds.includes(role)) {
    throw new Refusal(400, `role must be one of ${roleIds.join(", ")}.`);
  }
  if (resource !== call.siteResource) {
    throw new Refusal(400, `resource must be a product of the organization, such as ${call.siteResource}.`);
  }
  return role;
}

/** Who has an account in the organization gets the roles and groups soon; anybody else has to accept. */
function invite(call: OrganizationCall): Reply {
  const body = call.json();
  if (!isObject(body)) throw new Refusal(400, "The body must be a JSON object.");
  const emails = readEmails(body.emails);
  const roles = readRoles(call, body.permissionRules);
  const groupIds = readGroups(call, body.additionalGroups);
  const data = [...new Set(emails.map((email) => email.toLowerCase()))].map((email) => {
    const account = call.directory.withEmail(email)[0];
    if (account === undefined || call.directory.statusOf(account) === "not_invited") {
      call.invitations.invite({ email, roles, groupIds, invitedAt: new Date(call.now).toISOString() });
      return account === undefined ? { email } : { email, accountId: account.accountId };
    }
    call.state.pending.later(call.now, () => {
      const current = call.directory.get(account.accountId);
      if (current === undefined) return;
      call.state.accounts.put(giveRoles(current, [...call.directory.rolesOf(current), ...roles]));
      for (const groupId of groupIds) call.state.groups.addMember(groupId, current.accountId);
    });
    return { email, accountId: account.accountId };
  });
  return { status: 200, body: { data } };
}

function readEmails(value: unknown): readonly string[] {
  if (!isTexts(value) || value.length < 1 || value.length > limits.emailsPerCall) {
    throw new Refusal(400, `emails must be a list of 1 to ${limits.emailsPerCall} addresses.`);
  }
  const wrong = value.find((email) => !isEmail(email));
  if (wrong !== undefined) throw new Refusal(400, `'${wrong}' is not an e-mail address.`);
  return value;
}

function readRoles({ siteResource }: OrganizationCall, value: unknown): readonly string[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new Refusal(400, "permissionRules must be a list.");
  return value.map((rule: unknown) => {
    const { role, resource } = isObject(rule) ? rule : {};
    if (typeof role !== "string" || !roleIds.includes(role)) {
      throw new Refusal(400, `permissionRules: role must be one of ${roleIds.join(", ")}.`);
    }
    if (resource !== siteResource) throw new Refusal(400, `permissionRules: resource must be ${siteResource}.`);
    return role;
  });
}

function readGroups({ state }: OrganizationCall, value: unknown): readonly string[] {
  if (value === undefined) return [];
  if (!isTexts(value)) {
    throw new Refusal(400, "additionalGroups must be a list of group ids.");
  }
  for (const id of value) {
    const group = state.groups.get(id);
    if (group === undefined) throw new Refusal(400, `additionalGroups: the organization has no group with id ${id}.`);
    if (group.managedBy === "EXTERNAL") throw new Refusal(400, `additionalGroups: ${group.name} is read-only.`);
  }
  return value;
}
