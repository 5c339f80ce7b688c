import { isObject, Refusal, type Reply } from "../../http/service.js";
import { features } from "../options.js";
import {
  type DataCenterCall,
  type DataCenterRoute,
  type DataCenterRoutes,
  findGroup,
  findSpace,
  refuseAnonymous,
  requireAdministrator,
  userWithKey,
} from "../requests.js";
import {
  type HeldSpace,
  type Operation,
  type PermissionRow,
  readSpace,
  type Subject,
  spacePermissionTypes,
} from "../state/spaces.js";
import { mapSubject } from "./users.js";

const ofSpace = "/rest/api/space/{spaceKey}/permissions";

/** What is granted in one space: whole lists, no pages, and grants and revocations a subject. */
export const spacePermissionRoutes: DataCenterRoutes = {
  [`GET ${ofSpace}`]: inSpace((call, space) => show(call, call.state.spaces.rows(space.key), space)),
  ...ofSubject("anonymous", () => ({ kind: "anonymous" })),
  ...ofSubject("group/{groupName}", (call) => ({ kind: "group", name: findGroup(call) })),
  // A key only: a user's name is not understood here.
  ...ofSubject("user/{userKey}", ({ state, params }) => ({
    kind: "user",
    userKey: userWithKey(state, params.userKey ?? "").userKey,
  })),
};

function ofSubject(address: string, subjectOf: (call: DataCenterCall) => Subject): DataCenterRoutes {
  const change = (write: (call: DataCenterCall, key: string, subject: Subject) => void): DataCenterRoute =>
    inSpace((call, { key }) => {
      write(call, key, subjectOf(call));
      return { status: 204 };
    });
  return {
    [`GET ${ofSpace}/${address}`]: inSpace((call, space) =>
      show(call, call.state.spaces.rowsOf(space.key, subjectOf(call)), space),
    ),
    [`PUT ${ofSpace}/${address}/grant`]: change(grant),
    [`PUT ${ofSpace}/${address}/revoke`]: change(revoke),
  };
}

/**
 * Not 403, which the document has (2026-11-21, tests "answers 500 on space permissions to who is no administrator" and "answers
 * a 500 to a grant by somebody who administers nothing").
 */
function inSpace(handle: (call: DataCenterCall, space: HeldSpace) => Reply): DataCenterRoute {
  return {
    since: features.spacePermissions,
    handle: (call) => {
      refuseAnonymous(call);
      if (!call.caller.isAdministrator) throw new Refusal(500, "Internal Server Error");
      return handle(call, findSpace(call, call.params.spaceKey ?? ""));
    },
  };
}

/**
 * All of the body or nothing, and what is there already is passed over without a word. `administer` wants `read` there before
 * it: earlier, or earlier in the same body.
 */
function grant(call: DataCenterCall, key: string, subject: Subject): void {
  const operations = readOperations(call);
  const { spaces } = call.state;
  let mayAdminister = spaces.has(key, subject, readSpace);
  for (const { operationKey } of operations) {
    if (operationKey === "read") mayAdminister = true;
    if (operationKey === "administer" && !mayAdminister) {
      throw new Refusal(400, "The permission 'read space' must be granted before 'administer space'.");
    }
  }
  for (const operation of operations) spaces.grant(key, subject, operation);
}

/** What is not there is passed over, and nothing follows: who loses `read` keeps the rest on paper. */
function revoke(call: DataCenterCall, key: string, subject: Subject): void {
  for (const operation of readOperations(call)) call.state.spaces.revoke(key, subject, operation);
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

/** What is granted on the whole site: whole lists, no pages, and no writes. */
export const globalPermissionRoutes: DataCenterRoutes = {
  "GET /rest/api/permissions": onSite(({ state }) => state.globals.rows()),
  "GET /rest/api/permissions/anonymous": onSite(({ state }) => state.globals.of({ kind: "anonymous" })),
  "GET /rest/api/permissions/unlicensed": onSite(({ state }) => state.globals.of({ kind: "unlicensed" })),
  "GET /rest/api/permissions/group/{groupName}": onSite((call) =>
    call.state.globals.of({ kind: "group", name: findGroup(call) }),
  ),
  // The path takes a key or a name.
  "GET /rest/api/permissions/user/{user}": onSite(({ state, params }) => {
    const given = params.user ?? "";
    const user = state.users.byKey(given) ?? state.users.byName(given);
    if (user === undefined) throw new Refusal(404, `No user found with key or username : ${given}`);
    return state.globals.of({ kind: "user", userKey: user.userKey });
  }),
};

function onSite(rowsFor: (call: DataCenterCall) => readonly PermissionRow[]): DataCenterRoute {
  return {
    since: features.globalPermissions,
    handle: (call) => {
      refuseAnonymous(call);
      requireAdministrator(call);
      return show(call, rowsFor(call));
    },
  };
}

function show({ state }: DataCenterCall, rows: readonly PermissionRow[], space?: HeldSpace): Reply {
  return {
    status: 200,
    body: rows.map(({ operation: { targetType, operationKey }, subject }) => ({
      operation: { targetType, operationKey },
      subject: mapSubject(state, subject),
      ...(space === undefined ? {} : { spaceKey: space.key, spaceId: space.id }),
    })),
  };
}
