import type { Principal } from "../../domain/Principal.js";
import { SiteError } from "../../domain/SiteError.js";
import type { DataCenterContext } from "./DataCenterContext.js";
import { isRouteMissing } from "./isRouteMissing.js";
import type { GroupBook } from "./names/GroupBook.js";
import { objectionToPathName } from "./objectionToPathName.js";
import { operationNames } from "./operationNames.js";
import type { PermissionWrite } from "./PermissionWrite.js";
import { pathName } from "./pathName.js";
import { refuse } from "./refuse.js";
import { writePermissionByRemoteApi } from "./writePermissionByRemoteApi.js";

const permissions = "/rest/api/space/{spaceKey}/permissions";

/**
 * Grants or revokes one permission: by REST where the site has it (9.1), else by JSON-RPC, which also takes the space keys
 * that no path takes. The other way is gone only where the route is missing, so that nothing was done; never after an answer
 * that failed or was lost.
 */
export async function writePermission(context: DataCenterContext, write: PermissionWrite): Promise<void> {
  const objection = objectionToPathName("space", write.key);
  if (objection !== null) return writeUnderAnyKey(context, write, objection);
  try {
    await writeByRest(context, write);
  } catch (error) {
    if (!isRouteMissing(error)) throw error;
    // Not sent, because no path takes the name: JSON-RPC could, but is left to the sites that have nothing else.
    if (error.status === null && (await context.features.reasonAgainst("spacePermissionWrites")) === null) throw error;
    await writePermissionByRemoteApi(context, write);
  }
}

async function writeUnderAnyKey(context: DataCenterContext, write: PermissionWrite, objection: string): Promise<void> {
  try {
    await writePermissionByRemoteApi(context, write);
  } catch (error) {
    if (!isRouteMissing(error)) throw error;
    const { call, status, message } = error;
    throw new SiteError("Unsupported", `${objection} ${message}`, { call, status, cause: error });
  }
}

async function writeByRest({ client, features, groups }: DataCenterContext, write: PermissionWrite): Promise<void> {
  const { key, principal, operation, isGrant } = write;
  const action = isGrant ? "grant" : "revoke";
  const [template, subject] = await addressOf(principal, action, groups);
  await features.whereOffered("spacePermissionWrites", () =>
    client.transport.send({
      method: "PUT",
      call: `PUT ${permissions}/${template}/${action}`,
      path: `/rest/api/space/${encodeURIComponent(key)}/permissions/${subject}/${action}`,
      body: [operationNames.toRest(operation)],
    }),
  );
}

/** Where the permissions of a principal stand: as a template, and as sent. */
async function addressOf(principal: Principal, action: string, groups: GroupBook): Promise<readonly [string, string]> {
  switch (principal.kind) {
    case "account":
      return ["user/{userKey}", `user/${encodeURIComponent(principal.accountId)}`];
    case "group": {
      const template = "group/{groupName}";
      const call = `PUT ${permissions}/${template}/${action}`;
      return [template, `group/${pathName("group", groups.nameOf(principal.groupId), call)}`];
    }
    case "accessClass":
      if (principal.classId === "anonymous-users") return ["anonymous", "anonymous"];
      return refuse(`PUT ${permissions}/…/${action}`, "Of all classes only anonymous users hold single permissions.");
  }
}
