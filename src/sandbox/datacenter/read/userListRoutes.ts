import type { Reply } from "../../http/Reply.js";
import { limits } from "../../limits.js";
import type { DataCenterUser } from "../../world/World.js";
import type { DataCenterCall, DataCenterRoutes } from "../DataCenterCall.js";
import { features } from "../features.js";
import { pageOf, readExpansions } from "./pageOf.js";
import { requireAdministrator, requireUser } from "./rights.js";
import { mapUser } from "./subjects.js";

/** Everybody: registered, or counting towards the licence. */
export const userListRoutes: DataCenterRoutes = {
  "GET /rest/api/user/list": { since: features.userList, handle: registeredUsers },
  "GET /rest/api/admin/users/list/active": { since: features.activeUsers, handle: activeUsers },
};

function registeredUsers(call: DataCenterCall): Reply {
  requireUser(call);
  const expansions = readExpansions(call.query);
  return pageOf(call, {
    rows: call.state.users.sorted(),
    show: (user) => mapUser(call, user, expansions),
    defaultLimit: limits.dataCenterDefaultUsers,
    maxLimit: limits.dataCenterMaxUsers,
  });
}

/** By last login, those who never did first. */
function activeUsers(call: DataCenterCall): Reply {
  requireAdministrator(call);
  const expansions = readExpansions(call.query);
  const hasEmail = call.state.version.isAtLeast(features.activeUserEmail);
  return pageOf(call, {
    rows: call.state.licensed.byLogin(),
    show: (user) => ({
      ...mapUser(call, user, expansions),
      ...(hasEmail ? { email: user.email, ...(expansions.has("lastLogin") ? lastLoginOf(user) : {}) } : {}),
    }),
    defaultLimit: limits.dataCenterDefaultUsers,
    maxLimit: limits.dataCenterMaxUsers,
  });
}

function lastLoginOf({ lastLogin }: DataCenterUser): { readonly lastLogin?: string } {
  return lastLogin === undefined ? {} : { lastLogin: new Date(lastLogin).toISOString() };
}
