import { isObject } from "../cloud/isObject.js";
import { Refusal } from "../http/Refusal.js";
import { findUser, type OrganizationCall, type OrganizationRoutes } from "./OrganizationCall.js";
import { giveRoles, roleIds } from "./roles.js";

const roles = "/admin/v1/orgs/{orgId}/users/{accountId}/roles";

/** Roles on a product. What giving a role twice answers is documented nowhere; a 409 is what clients find hardest. */
export const roleRoutes: OrganizationRoutes = {
  [`POST ${roles}/assign`]: (call) => {
    const account = findUser(call);
    const role = readRole(call);
    const held = call.directory.rolesOf(account);
    if (held.includes(role)) throw new Refusal(409, `The user has the role ${role} already.`);
    call.state.accounts.put(giveRoles(account, [...held, role]));
    return { status: 204 };
  },
  [`POST ${roles}/revoke`]: (call) => {
    const account = findUser(call);
    const role = readRole(call);
    const held = call.directory.rolesOf(account);
    if (!held.includes(role)) throw new Refusal(404, `The user does not have the role ${role}.`);
    call.state.accounts.put(
      giveRoles(
        account,
        held.filter((each) => each !== role),
      ),
    );
    return { status: 204 };
  },
};

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
