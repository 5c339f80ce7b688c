import { Refusal } from "../http/Refusal.js";
import { findUser, type OrganizationRoutes } from "./OrganizationCall.js";

const user = "/admin/v2/orgs/{orgId}/directories/{directoryId}/users/{accountId}";

/**
 * Who is in. What a suspension of the suspended answers is documented nowhere; a 409 is what clients find hardest.
 * Groups and roles survive a suspension, not a deletion (2026-11-20, test "keeps groups and roles through a suspension and
 * loses them with a deletion").
 */
export const membershipStatusRoutes: OrganizationRoutes = {
  [`POST ${user}/suspend`]: (call) => {
    const account = findUser(call);
    const status = call.directory.statusOf(account);
    if (status !== "active") throw new Refusal(409, `The user is ${status}: only active users can be suspended.`);
    call.state.accounts.put({ ...account, orgStatus: "suspended" });
    return { status: 204 };
  },
  [`POST ${user}/restore`]: (call) => {
    const account = findUser(call);
    const status = call.directory.statusOf(account);
    if (status !== "suspended") throw new Refusal(409, `The user is ${status}: only suspended users can be restored.`);
    call.state.accounts.put({ ...account, orgStatus: "active" });
    return { status: 204 };
  },
  [`DELETE ${user}`]: (call) => {
    const account = findUser(call);
    if (account.orgStatus === "not_invited") throw new Refusal(404, "The user has left the organization already.");
    for (const group of call.state.groups.groupsOf(account.accountId)) {
      call.state.groups.removeMember(group.id, account.accountId);
    }
    // The account lives on, as the author of what it wrote; the organization only lets go of it.
    call.state.accounts.put({
      ...account,
      orgStatus: "not_invited",
      productRoles: [],
      ...(account.isExternalCollaborator === undefined ? {} : { isExternalCollaborator: false }),
    });
    return { status: 204 };
  },
};
