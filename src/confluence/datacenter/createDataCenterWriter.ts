import type { AccountId, GroupId } from "../../domain/ids.js";
import type { SiteWriter } from "../writerPort.js";
import { anonymousUsers } from "./anonymousUsers.js";
import { createDataCenterAccountWriter } from "./createDataCenterAccountWriter.js";
import type { DataCenterContext } from "./DataCenterContext.js";
import { fetchUsername } from "./fetchUsername.js";
import { objectionToPathName } from "./objectionToPathName.js";
import { objectionToSharedName } from "./objectionToSharedName.js";
import { operationNames } from "./operationNames.js";
import { pathName } from "./pathName.js";
import { refuse } from "./refuse.js";
import { writePermission } from "./writePermission.js";

/** Writes to a Data Center site: permissions, memberships, groups and accounts. */
export function createDataCenterWriter(context: DataCenterContext): SiteWriter {
  const { client, features, groups } = context;
  return {
    grantableOperations: operationNames.all,
    grantableClasses: new Set([anonymousUsers.classId]),
    roleClasses: new Set(),
    hasCascades: false,
    accounts: createDataCenterAccountWriter(context),
    addPermission: ({ key }, principal, operation) =>
      writePermission(context, { key, principal, operation, isGrant: true }),
    removePermission: ({ key }, { principal, operation }) =>
      writePermission(context, { key, principal, operation, isGrant: false }),
    setRole: () => refuse("Setting a space role", "Confluence Data Center has no space roles."),
    addMember: (groupId, accountId) => writeMembership(context, "PUT", groupId, accountId),
    removeMember: (groupId, accountId) => writeMembership(context, "DELETE", groupId, accountId),
    createGroup: async (name) => {
      await client.transport.send({
        method: "POST",
        call: "POST /rest/api/admin/group",
        path: "/rest/api/admin/group",
        body: { type: "group", name },
      });
      // Whatever the answer holds: the name is the id.
      return groups.meet({ name });
    },
    deleteGroup: async (groupId) => {
      const call = "DELETE /rest/api/admin/group/{groupName}";
      const path = `/rest/api/admin/group/${pathName("group", groups.nameOf(groupId), call)}`;
      await client.transport.send({ method: "DELETE", call, path });
      groups.forget(groupId);
    },
    checkAccessByEmail: () => refuse("Checking access by e-mail", "Confluence Data Center has no such call."),
    inviteByEmail: () => refuse("Inviting by e-mail", "Accounts of Confluence Data Center are created, not invited."),
    objectionTo: async (principal, space) => {
      const keyObjection = space === undefined ? null : objectionToPathName("space", space.key);
      const remoteObjection = keyObjection === null ? null : await features.reasonAgainst("remoteApi");
      if (remoteObjection !== null) return `${keyObjection} ${remoteObjection}`;
      if (principal.kind === "account") return null;
      if (principal.kind === "group") {
        const isRestMissing = (await features.reasonAgainst("spacePermissionWrites")) !== null;
        if (isRestMissing || keyObjection !== null) return objectionToSharedName(context, principal.groupId);
        return objectionToPathName("group", principal.groupId);
      }
      if (principal.classId === anonymousUsers.classId) return null;
      return "Of all classes only anonymous users hold single permissions that can be changed.";
    },
    objectionToMembership: (groupId, { username }) => {
      if (username === null)
        return "The site does not tell the user name of the account, by which it is added and removed.";
      return objectionToPathName("group", groupId) ?? objectionToPathName("user", username);
    },
    objectionToGroup: (name) => objectionToPathName("group", name),
  };
}

async function writeMembership(
  context: DataCenterContext,
  method: "PUT" | "DELETE",
  groupId: GroupId,
  accountId: AccountId,
): Promise<void> {
  const call = `${method} /rest/api/user/{username}/group/{groupName}`;
  const group = pathName("group", context.groups.nameOf(groupId), call);
  // The plan was made on the account as it was read just now: 200 changes ask for 20 people 20 times.
  const username = context.usernames.nameOf(accountId) ?? (await fetchUsername(context, accountId));
  const user = pathName("user", username, call);
  await context.client.transport.send({ method, call, path: `/rest/api/user/${user}/group/${group}` });
}
