import { Refusal } from "../../http/Refusal.js";
import type { Reply } from "../../http/Reply.js";
import type { DataCenterCall, DataCenterRoutes } from "../DataCenterCall.js";
import { features } from "../features.js";
import type { HeldSpace } from "../state/DataCenterSpaceBook.js";
import type { PermissionRow } from "../state/PermissionRow.js";
import { findGroup, findSpace } from "./lookUps.js";
import { refuseAnonymous } from "./rights.js";
import { mapSubject } from "./subjects.js";

const since = features.spacePermissions;

/** What is granted in one space: whole lists, no pages. */
export const spacePermissionRoutes: DataCenterRoutes = {
  "GET /rest/api/space/{spaceKey}/permissions": {
    since,
    handle: (call) => answer(call, ({ key }) => call.state.spaces.rows(key)),
  },
  "GET /rest/api/space/{spaceKey}/permissions/anonymous": {
    since,
    handle: (call) => answer(call, ({ key }) => call.state.spaces.rowsOf(key, { kind: "anonymous" })),
  },
  "GET /rest/api/space/{spaceKey}/permissions/group/{groupName}": {
    since,
    handle: (call) =>
      answer(call, ({ key }) => call.state.spaces.rowsOf(key, { kind: "group", name: findGroup(call) })),
  },
  "GET /rest/api/space/{spaceKey}/permissions/user/{userKey}": { since, handle: ofUser },
};

function ofUser(call: DataCenterCall): Reply {
  return answer(call, ({ key }) => {
    const userKey = call.params.userKey ?? "";
    if (call.state.users.byKey(userKey) === undefined) throw new Refusal(404, `No user found with key : ${userKey}`);
    return call.state.spaces.rowsOf(key, { kind: "user", userKey });
  });
}

function answer(call: DataCenterCall, rowsOf: (space: HeldSpace) => readonly PermissionRow[]): Reply {
  refuseAnonymous(call);
  // Not 403, which the document has (2026-11-21, test "answers 500 on space permissions to who is no administrator").
  if (!call.caller.isAdministrator) throw new Refusal(500, "Internal Server Error");
  const space = findSpace(call, call.params.spaceKey ?? "");
  return {
    status: 200,
    body: rowsOf(space).map(({ operation, subject }) => ({
      operation: { targetType: operation.targetType, operationKey: operation.operationKey },
      subject: mapSubject(call.state, subject),
      spaceKey: space.key,
      spaceId: space.id,
    })),
  };
}
