import { isObject } from "../../cloud/isObject.js";
import { Refusal } from "../../http/Refusal.js";
import type { Reply } from "../../http/Reply.js";
import type { DataCenterCall, DataCenterRoutes } from "../DataCenterCall.js";
import { mapGroup } from "../read/subjects.js";
import { createGroup, removeGroup } from "./changeGroup.js";
import { requireAdministrator } from "./rights.js";

/** Groups, made and removed. There is no call that renames one or puts one into another. */
export const groupRoutes: DataCenterRoutes = {
  "POST /rest/api/admin/group": { handle: create },
  "DELETE /rest/api/admin/group/{groupName}": { handle: remove },
};

/** Without a `type` Confluence does not know what it reads (2026-11-21, test "wants the type of what is created"). */
function create(call: DataCenterCall): Reply {
  requireAdministrator(call.caller);
  const body = call.json();
  if (!isObject(body) || body.type !== "group") throw new Refusal(400, "The body must be an object of type 'group'.");
  return { status: 200, body: mapGroup(call, createGroup(call, body.name)) };
}

function remove(call: DataCenterCall): Reply {
  requireAdministrator(call.caller);
  removeGroup(call, call.params.groupName ?? "");
  return { status: 204 };
}
