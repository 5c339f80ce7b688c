import type { Reply } from "../../http/Reply.js";
import type { DataCenterCall, DataCenterRoutes } from "../DataCenterCall.js";
import { changeMembership } from "./changeGroup.js";
import { requireAdministrator } from "./rights.js";

const membership = "/rest/api/user/{username}/group/{groupName}";

/** Who is in which group, one by one. */
export const membershipRoutes: DataCenterRoutes = {
  [`PUT ${membership}`]: { handle: (call) => change(call, true) },
  [`DELETE ${membership}`]: { handle: (call) => change(call, false) },
};

function change(call: DataCenterCall, isToBeMember: boolean): Reply {
  requireAdministrator(call.caller);
  const { username = "", groupName = "" } = call.params;
  changeMembership(call, { username, groupName, isToBeMember });
  return { status: 204 };
}
