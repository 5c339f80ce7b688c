import { isObject, Refusal, type Reply } from "../../http/service.js";
import type { WorldPermission } from "../../world/World.js";
import type { CloudCall, CloudRoutes } from "../requests.js";
import type { PermissionRow, SpaceRecord } from "../state/spaces.js";

/** Granular grants and revocations: the path is singular and wants the key of the space, not its id. */
export const spacePermissionRoutes: CloudRoutes = {
  "POST /wiki/rest/api/space/{spaceKey}/permission": grant,
  "DELETE /wiki/rest/api/space/{spaceKey}/permission/{id}": revoke,
};

/** What comes and goes with an operation, unasked (2026-11-20, test "creates the companions of a grant and removes them with it"). */
const companions: ReadonlyMap<string, WorldPermission["operation"]> = new Map([
  ["read/space", { key: "export_content", targetType: "space" }],
  ["create/page", { key: "update", targetType: "page" }],
]);

type Principal = WorldPermission["principal"];
type Operation = WorldPermission["operation"];

function grant(call: CloudCall): Reply {
  requireGranular(call);
  const space = findSpace(call);
  const { principal, operation, subject } = readPermissionRequest(call);
  const held = space.permissions.filter((row) => isSamePrincipal(row.principal, principal));
  const holds = (wanted: Operation): boolean => held.some((row) => nameOf(row.operation) === nameOf(wanted));
  if (holds(operation)) throw new Refusal(400, "Permission already exists for the given user or group.");
  if (nameOf(operation) !== "read/space" && !holds({ key: "read", targetType: "space" })) {
    throw new Refusal(400, "'read space' permission doesn't exist for the given user or group.");
  }
  const companion = companions.get(nameOf(operation));
  const operations = companion === undefined || holds(companion) ? [operation] : [operation, companion];
  const rows = operations.map((each) => ({
    id: call.state.spaces.nextPermissionId(),
    principal,
    operation: each,
  }));
  call.state.spaces.putPermissions(space, [...space.permissions, ...rows]);
  return {
    status: 200,
    body: {
      // A text although the document says a number: ids outgrow numbers.
      id: rows[0]?.id,
      subject,
      operation: { key: operation.key, target: operation.targetType },
      _links: { base: `${call.siteUrl}/wiki`, context: "/wiki" },
    },
  };
}

function revoke(call: CloudCall): Reply {
  requireGranular(call);
  const space = findSpace(call);
  const row = space.permissions.find(({ id }) => id === call.params.id);
  if (row === undefined) throw new Refusal(404, `There is no permission with the id ${call.params.id}.`);
  const gone = new Set(cascade(space, row));
  const kept = space.permissions.filter((each) => !gone.has(each));
  const wasAdministered = [...gone].some((each) => nameOf(each.operation) === "administer/space");
  if (wasAdministered && !kept.some((each) => nameOf(each.operation) === "administer/space")) {
    throw new Refusal(400, "All of the admin permissions cannot be removed from a space.");
  }
  call.state.spaces.putPermissions(space, kept);
  return { status: 204 };
}

/** Without reading there is nothing: taking `read/space` away takes everything of that principal. */
function cascade(space: SpaceRecord, row: PermissionRow): readonly PermissionRow[] {
  const own = space.permissions.filter((each) => isSamePrincipal(each.principal, row.principal));
  const removed = nameOf(row.operation);
  if (removed === "read/space") return own;
  const companion = companions.get(removed);
  if (companion === undefined) return [row];
  return [row, ...own.filter((each) => nameOf(each.operation) === nameOf(companion))];
}

/** On a roles-only site every granular write is refused, whatever it names. */
function requireGranular({ state }: CloudCall): void {
  if (state.mode !== "ROLES") return;
  throw new Refusal(
    400,
    "InvalidRbacOperationException: Space permission updates that are not from RBAC are not supported in roles-only mode",
  );
}

/** Trashed spaces are gone for v1; archived ones keep their permissions and take changes. */
function findSpace(call: CloudCall): SpaceRecord {
  const key = call.params.spaceKey ?? "";
  const space = call.state.spaces.byKey(key);
  if (space === undefined || space.status === "trashed") {
    throw new Refusal(404, `No space with key ${key} is visible to you.`);
  }
  return space;
}

function isSamePrincipal(a: Principal, b: Principal): boolean {
  return a.type === b.type && a.id === b.id;
}

function nameOf({ key, targetType }: Operation): string {
  return `${key}/${targetType}`;
}

/** A grant as asked for, and its subject as v1 names it. */
interface PermissionRequest {
  readonly principal: WorldPermission["principal"];
  readonly operation: WorldPermission["operation"];
  readonly subject: { readonly type: "user" | "group"; readonly identifier: string };
}

/** The pairs that can be granted; what a list shows goes beyond them. */
const grantable: ReadonlySet<string> = new Set([
  "create/page",
  "create/blogpost",
  "create/comment",
  "create/attachment",
  "read/space",
  "delete/page",
  "delete/blogpost",
  "delete/comment",
  "delete/attachment",
  "delete/space",
  "export/space",
  "administer/space",
  "archive/page",
  "restrict_content/space",
]);

/** The body of a granular grant, checked. Subjects must exist: an unknown one is a 400, unlike an unknown space. */
function readPermissionRequest(call: CloudCall): PermissionRequest {
  const body = call.json();
  if (!isObject(body) || !isObject(body.subject) || !isObject(body.operation)) {
    throw new Refusal(400, "The body must hold a subject and an operation.");
  }
  const { type, identifier } = body.subject;
  const { key, target } = body.operation;
  if (type !== "user" && type !== "group") throw new Refusal(400, "subject.type must be user or group.");
  if (typeof identifier !== "string" || identifier === "") throw new Refusal(400, "subject.identifier is missing.");
  if (typeof key !== "string" || typeof target !== "string" || !grantable.has(`${key}/${target}`)) {
    throw new Refusal(400, `The operation ${String(key)} on ${String(target)} cannot be granted.`);
  }
  const principal = type === "user" ? findUser(call, identifier) : findGroup(call, identifier);
  const isAnonymous = principal.type === "access-class";
  return {
    principal,
    operation: { key, targetType: target },
    subject: { type, identifier: isAnonymous ? identifier : principal.id },
  };
}

/** `anonymous` stands for everybody, and reads back as the access class. */
function findUser({ state }: CloudCall, identifier: string): WorldPermission["principal"] {
  if (identifier === "anonymous") return { type: "access-class", id: "anonymous-users" };
  const account = state.accounts.get(identifier);
  if (account === undefined || account.accountStatus === "closed") {
    throw new Refusal(400, `No user found with the given accountId ${identifier}.`);
  }
  return { type: "user", id: identifier };
}

function findGroup({ state }: CloudCall, identifier: string): WorldPermission["principal"] {
  const group = state.groups.get(identifier) ?? state.groups.byName(identifier);
  if (group === undefined) throw new Refusal(400, `No group found with the given groupName or groupId ${identifier}.`);
  return { type: "group", id: group.id };
}
