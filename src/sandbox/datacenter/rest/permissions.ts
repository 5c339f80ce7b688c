import { isObject, Refusal, type Reply } from "../../http/service.js";
import { type DataCenterCall, type DataCenterRoute, type DataCenterRoutes, features } from "../call.js";
import {
  type HeldSpace,
  type Operation,
  type PermissionRow,
  type Subject,
  spacePermissionTypes,
} from "../state/spaces.js";
import { findGroup, findSpace, groupNamed, refuseAnonymous, requireAdministrator } from "./requests.js";
import { mapSubject } from "./users.js";

/** What is granted in one space: whole lists, no pages. */
export const spacePermissionRoutes: DataCenterRoutes = {
  "GET /rest/api/space/{spaceKey}/permissions": {
    since: features.spacePermissions,
    handle: (call) => answer(call, ({ key }) => call.state.spaces.rows(key)),
  },
  "GET /rest/api/space/{spaceKey}/permissions/anonymous": {
    since: features.spacePermissions,
    handle: (call) => answer(call, ({ key }) => call.state.spaces.rowsOf(key, { kind: "anonymous" })),
  },
  "GET /rest/api/space/{spaceKey}/permissions/group/{groupName}": {
    since: features.spacePermissions,
    handle: (call) =>
      answer(call, ({ key }) => call.state.spaces.rowsOf(key, { kind: "group", name: findGroup(call) })),
  },
  "GET /rest/api/space/{spaceKey}/permissions/user/{userKey}": { since: features.spacePermissions, handle: ofUser },
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

const permissions = "/rest/api/space/{spaceKey}/permissions";
const read = { operationKey: "read", targetType: "space" };

/** Grants and revocations. What is there already, or is not there, is passed over without a word. */
export const spacePermissionWrites: DataCenterRoutes = {
  ...both("anonymous", () => ({ kind: "anonymous" })),
  ...both("group/{groupName}", ({ state, params }) => ({
    kind: "group",
    name: groupNamed(state, params.groupName ?? "").name,
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

/** The permissions that a body lists, in its order; 400 for a pair that is none of a space. */
function readOperations(call: DataCenterCall): readonly Operation[] {
  const body = call.json();
  if (!Array.isArray(body)) throw new Refusal(400, "The body must be a list of permissions.");
  return body.map((each: unknown) => {
    const { operationKey, targetType } = isObject(each) ? each : {};
    const known = [...spacePermissionTypes.values()].find(
      (operation) => operation.operationKey === operationKey && operation.targetType === targetType,
    );
    if (known === undefined) {
      throw new Refusal(400, `Unsupported space permission: ${String(targetType)} ${String(operationKey)}`);
    }
    return known;
  });
}

/** What is granted on the whole site: whole lists, no pages. */
export const globalPermissionRoutes: DataCenterRoutes = {
  "GET /rest/api/permissions": {
    since: features.globalPermissions,
    handle: (call) => answerGlobal(call, () => call.state.globals.rows()),
  },
  "GET /rest/api/permissions/anonymous": {
    since: features.globalPermissions,
    handle: (call) => answerGlobal(call, () => call.state.globals.of({ kind: "anonymous" })),
  },
  "GET /rest/api/permissions/unlicensed": {
    since: features.globalPermissions,
    handle: (call) => answerGlobal(call, () => call.state.globals.of({ kind: "unlicensed" })),
  },
  "GET /rest/api/permissions/group/{groupName}": {
    since: features.globalPermissions,
    handle: (call) => answerGlobal(call, () => call.state.globals.of({ kind: "group", name: findGroup(call) })),
  },
  "GET /rest/api/permissions/user/{user}": {
    since: features.globalPermissions,
    handle: (call) => answerGlobal(call, () => rowsOfUser(call)),
  },
};

/** The path takes a key or a name. */
function rowsOfUser({ params, state }: DataCenterCall): readonly PermissionRow[] {
  const given = params.user ?? "";
  const user = state.users.byKey(given) ?? state.users.byName(given);
  if (user === undefined) throw new Refusal(404, `No user found with key or username : ${given}`);
  return state.globals.of({ kind: "user", userKey: user.userKey });
}

function answerGlobal(call: DataCenterCall, rows: () => readonly PermissionRow[]): Reply {
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
