import { Refusal } from "../../http/Refusal.js";
import type { Reply } from "../../http/Reply.js";
import type { DataCenterCall, DataCenterRoutes } from "../DataCenterCall.js";
import { features } from "../features.js";
import type { PermissionRow } from "../state/PermissionRow.js";
import { findGroup } from "./lookUps.js";
import { refuseAnonymous, requireAdministrator } from "./rights.js";
import { mapSubject } from "./subjects.js";

const since = features.globalPermissions;

/** What is granted on the whole site: whole lists, no pages. */
export const globalPermissionRoutes: DataCenterRoutes = {
  "GET /rest/api/permissions": { since, handle: (call) => answer(call, () => call.state.globals.rows()) },
  "GET /rest/api/permissions/anonymous": {
    since,
    handle: (call) => answer(call, () => call.state.globals.of({ kind: "anonymous" })),
  },
  "GET /rest/api/permissions/unlicensed": {
    since,
    handle: (call) => answer(call, () => call.state.globals.of({ kind: "unlicensed" })),
  },
  "GET /rest/api/permissions/group/{groupName}": {
    since,
    handle: (call) => answer(call, () => call.state.globals.of({ kind: "group", name: findGroup(call) })),
  },
  "GET /rest/api/permissions/user/{user}": { since, handle: (call) => answer(call, () => rowsOfUser(call)) },
};

/** The path takes a key or a name. */
function rowsOfUser({ params, state }: DataCenterCall): readonly PermissionRow[] {
  const given = params.user ?? "";
  const user = state.users.byKey(given) ?? state.users.byName(given);
  if (user === undefined) throw new Refusal(404, `No user found with key or username : ${given}`);
  return state.globals.of({ kind: "user", userKey: user.userKey });
}

function answer(call: DataCenterCall, rows: () => readonly PermissionRow[]): Reply {
  refuseAnonymous(call);
  requireAdministrator(call);
  return {
    status: 200,
    body: rows().map(({ operation, subject }) => ({
      operation: { targetType: operation.targetType, operationKey: operation.operationKey },
      subject: mapSubject(call.state, subject),
    })),
  };
}
