import { Refusal } from "../../http/Refusal.js";
import type { Reply } from "../../http/Reply.js";
import type { DataCenterCall, DataCenterRoute, DataCenterRoutes } from "../DataCenterCall.js";
import { features } from "../features.js";
import { findSpace } from "../read/lookUps.js";
import type { Subject } from "../state/Subject.js";
import { findGroup } from "./lookUps.js";
import { readOperations } from "./readOperations.js";

const permissions = "/rest/api/space/{spaceKey}/permissions";
const read = { operationKey: "read", targetType: "space" };

/** Grants and revocations. What is there already, or is not there, is passed over without a word. */
export const spacePermissionRoutes: DataCenterRoutes = {
  ...both("anonymous", () => ({ kind: "anonymous" })),
  ...both("group/{groupName}", ({ state, params }) => ({
    kind: "group",
    name: findGroup(state, params.groupName ?? "").name,
  })),
  ...both("user/{userKey}", findUserByKey),
};

function both(address: string, subjectOf: (call: DataCenterCall) => Subject): DataCenterRoutes {
  const route = (change: (call: DataCenterCall, key: string, subject: Subject) => void): DataCenterRoute => ({
    since: features.spacePermissions,
    handle: (call): Reply => {
      requirePermissionAdministrator(call);
      const { key } = findSpace(call, call.params.spaceKey ?? "");
      change(call, key, subjectOf(call));
      return { status: 204 };
    },
  });
  return {
    [`PUT ${permissions}/${address}/grant`]: route(grant),
    [`PUT ${permissions}/${address}/revoke`]: route(revoke),
  };
}

/** All of the body or nothing. `administer` wants `read` there before it: earlier, or earlier in the same body. */
function grant(call: DataCenterCall, key: string, subject: Subject): void {
  const operations = readOperations(call);
  const { spaces } = call.state;
  let mayAdminister = spaces.has(key, subject, read);
  for (const { operationKey } of operations) {
    if (operationKey === "read") mayAdminister = true;
    if (operationKey === "administer" && !mayAdminister) {
      throw new Refusal(400, "The permission 'read space' must be granted before 'administer space'.");
    }
  }
  for (const operation of operations) spaces.grant(key, subject, operation);
}

/** Nothing follows: who loses `read` keeps the rest on paper. */
function revoke(call: DataCenterCall, key: string, subject: Subject): void {
  for (const operation of readOperations(call)) call.state.spaces.revoke(key, subject, operation);
}

/** Somebody who administers nothing meets a 500 (2026-11-21, test "answers a 500 to a grant by somebody who administers nothing"). */
function requirePermissionAdministrator({ caller }: DataCenterCall): void {
  if (caller.isAdministrator) return;
  if (caller.user === null) throw new Refusal(401, "User is not authenticated.");
  throw new Refusal(500, "Internal Server Error");
}

/** A key only: a user's name is not understood here. */
function findUserByKey({ state, params }: DataCenterCall): Subject {
  const userKey = params.userKey ?? "";
  if (state.users.byKey(userKey) === undefined) throw new Refusal(404, `No user found with key : ${userKey}`);
  return { kind: "user", userKey };
}
