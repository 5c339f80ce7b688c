import { SiteError } from "../../domain/SiteError.js";
import { callRemoteApi } from "./callRemoteApi.js";
import type { DataCenterContext } from "./DataCenterContext.js";
import { fetchUsername } from "./fetchUsername.js";
import { objectionToSharedName } from "./objectionToSharedName.js";
import { operationNames } from "./operationNames.js";
import type { PermissionWrite } from "./PermissionWrite.js";
import { refuse } from "./refuse.js";

/**
 * Grants or revokes one permission by JSON-RPC. It takes a name as a user's first and as a group's then, so a group that
 * shares its name with a user is refused: the user would get what was meant for the group.
 */
export async function writePermissionByRemoteApi(context: DataCenterContext, write: PermissionWrite): Promise<void> {
  const { key, principal, operation, isGrant } = write;
  const name = operationNames.toRemote(operation);
  switch (principal.kind) {
    case "account": {
      const username = await fetchUsername(context, principal.accountId);
      return isGrant
        ? send(context, "addPermissionsToSpace", [[name], username, key])
        : send(context, "removePermissionFromSpace", [name, username, key]);
    }
    case "group": {
      const method = isGrant ? "addPermissionsToSpace" : "removePermissionFromSpace";
      const objection = await objectionToSharedName(context, principal.groupId);
      if (objection !== null) return refuse(`POST /rpc/json-rpc/confluenceservice-v2/${method}`, objection);
      return send(context, method, [isGrant ? [name] : name, context.groups.nameOf(principal.groupId), key]);
    }
    case "accessClass": {
      const method = isGrant ? "addAnonymousPermissionToSpace" : "removeAnonymousPermissionFromSpace";
      if (principal.classId === "anonymous-users") return send(context, method, [name, key]);
      const why = "Of all classes only anonymous users hold single permissions.";
      return refuse(`POST /rpc/json-rpc/confluenceservice-v2/${method}`, why);
    }
  }
}

/** `true`, also when nothing changed; anything else leaves open what was done. */
async function send(context: DataCenterContext, method: string, parameters: readonly unknown[]): Promise<void> {
  const answer = await callRemoteApi(context, { method, parameters });
  if (answer === true) return;
  const call = `POST /rpc/json-rpc/confluenceservice-v2/${method}`;
  const message = `${call} answered without saying that it was done. Read the space's permissions before asking again.`;
  throw new SiteError("UpstreamFailed", message, { call, status: 200, isAnswerLost: true });
}
