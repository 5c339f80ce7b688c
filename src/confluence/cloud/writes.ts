import type { Operation } from "../../domain/Operation.js";
import type { Principal } from "../../domain/Principal.js";
import type { SiteWriter } from "../writerPort.js";
import type { CloudClient } from "./client.js";
import { mapGroup } from "./groups.js";
import { emailAccessWire, groupWire } from "./wire.js";

/** The pairs that `POST /wiki/rest/api/space/{spaceKey}/permission` documents. */
const targetsByKey: Readonly<Record<string, readonly string[]>> = {
  read: ["space"],
  create: ["page", "blogpost", "comment", "attachment"],
  delete: ["page", "blogpost", "comment", "attachment", "space"],
  export: ["space"],
  administer: ["space"],
  archive: ["page"],
  restrict_content: ["space"],
};
const grantableOperations: readonly Operation[] = Object.entries(targetsByKey).flatMap(([key, targets]) =>
  targets.map((target) => ({ key, target })),
);

/** As live answers name them (2026-11-20); the API lists them nowhere. */
const roleClasses: ReadonlySet<string> = new Set([
  "all-licensed-users",
  "all-product-admins",
  "anonymous-users",
  "authenticated-users",
  "jsm-project-admins",
]);

/** Writes to a Cloud site: granular permissions, roles, memberships and groups. */
export function createCloudWriter(client: CloudClient): SiteWriter {
  const { transport } = client;
  return {
    grantableOperations,
    grantableClasses: new Set(),
    roleClasses,
    hasCascades: true,
    accounts: null,
    objectionTo: null,
    objectionToMembership: null,
    objectionToGroup: () => null,
    addPermission: async ({ key }, principal, operation) => {
      await transport.send({
        method: "POST",
        call: "POST /wiki/rest/api/space/{spaceKey}/permission",
        path: `/wiki/rest/api/space/${encodeURIComponent(key)}/permission`,
        body: {
          subject: { type: principal.kind === "group" ? "group" : "user", identifier: idOf(principal) },
          operation: { key: operation.key, target: operation.target },
        },
      });
    },
    removePermission: async ({ key }, { permissionId }) => {
      await transport.send({
        method: "DELETE",
        call: "DELETE /wiki/rest/api/space/{spaceKey}/permission/{id}",
        path: `/wiki/rest/api/space/${encodeURIComponent(key)}/permission/${encodeURIComponent(permissionId)}`,
      });
    },
    setRole: async ({ spaceId }, principal, roleId) => {
      await transport.send({
        method: "POST",
        call: "POST /wiki/api/v2/spaces/{id}/role-assignments",
        path: `/wiki/api/v2/spaces/${encodeURIComponent(spaceId)}/role-assignments`,
        // A bare array; leaving the role out takes it away.
        body: [
          {
            principal: { principalType: roleTypes[principal.kind], principalId: idOf(principal) },
            ...(roleId === null ? {} : { roleId }),
          },
        ],
      });
    },
    addMember: async (groupId, accountId) => {
      await transport.send({
        method: "POST",
        call: "POST /wiki/rest/api/group/userByGroupId",
        path: "/wiki/rest/api/group/userByGroupId",
        query: { groupId },
        body: { accountId },
      });
    },
    removeMember: async (groupId, accountId) => {
      await transport.send({
        method: "DELETE",
        call: "DELETE /wiki/rest/api/group/userByGroupId",
        path: "/wiki/rest/api/group/userByGroupId",
        query: { groupId, accountId },
      });
    },
    createGroup: async (name) =>
      mapGroup(
        await client.fetchOne(
          { method: "POST", call: "POST /wiki/rest/api/group", path: "/wiki/rest/api/group", body: { name } },
          groupWire,
        ),
      ),
    deleteGroup: async (groupId) => {
      await transport.send({
        method: "DELETE",
        call: "DELETE /wiki/rest/api/group/by-id",
        path: "/wiki/rest/api/group/by-id",
        query: { id: groupId },
      });
    },
    checkAccessByEmail: async (emails) => {
      const answer = await client.fetchOne(
        {
          method: "POST",
          call: "POST /wiki/api/v2/user/access/check-access-by-email",
          path: "/wiki/api/v2/user/access/check-access-by-email",
          body: { emails },
          isReplaySafe: true,
        },
        emailAccessWire,
      );
      return { withoutAccess: answer.emailsWithoutAccess ?? null, invalid: answer.invalidEmails ?? [] };
    },
    inviteByEmail: async (emails) => {
      await transport.send({
        method: "POST",
        call: "POST /wiki/api/v2/user/access/invite-by-email",
        path: "/wiki/api/v2/user/access/invite-by-email",
        body: { emails },
      });
    },
  };
}

const roleTypes: Readonly<Record<Principal["kind"], string>> = {
  account: "USER",
  group: "GROUP",
  accessClass: "ACCESS_CLASS",
};

function idOf(principal: Principal): string {
  switch (principal.kind) {
    case "account":
      return principal.accountId;
    case "group":
      return principal.groupId;
    case "accessClass":
      return principal.classId;
  }
}
