import { isObject } from "../cloud/isObject.js";
import { Refusal } from "../http/Refusal.js";
import type { Reply } from "../http/Reply.js";
import { limits } from "../limits.js";
import type { OrganizationCall, OrganizationRoutes } from "./OrganizationCall.js";
import { giveRoles, roleIds } from "./roles.js";

/** Asking people in. Who has an account in the organization gets the roles and groups soon; anybody else has to accept. */
export const inviteRoutes: OrganizationRoutes = { "POST /admin/v2/orgs/{orgId}/users/invite": invite };

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
  const isList = Array.isArray(value) && value.every((email): email is string => typeof email === "string");
  if (!isList || value.length < 1 || value.length > limits.emailsPerCall) {
    throw new Refusal(400, `emails must be a list of 1 to ${limits.emailsPerCall} addresses.`);
  }
  const wrong = value.find((email) => !/^[^\s@<>,;]+@[^\s@<>,;.]+(\.[^\s@<>,;.]+)+$/.test(email));
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
  if (!Array.isArray(value) || !value.every((id): id is string => typeof id === "string")) {
    throw new Refusal(400, "additionalGroups must be a list of group ids.");
  }
  for (const id of value) {
    const group = state.groups.get(id);
    if (group === undefined) throw new Refusal(400, `additionalGroups: the organization has no group with id ${id}.`);
    if (group.managedBy === "EXTERNAL") throw new Refusal(400, `additionalGroups: ${group.name} is read-only.`);
  }
  return value;
}
