import { Refusal } from "../../http/Refusal.js";
import type { Reply } from "../../http/Reply.js";
import type { WorldRoleAssignment } from "../../world/World.js";
import type { CloudCall, CloudRoutes } from "../CloudCall.js";
import { isObject } from "../isObject.js";
import { pageV2 } from "./pageV2.js";
import { readChoice } from "./readQuery.js";
import { assignmentKey, readPrincipal, requireRoles, rolePrincipalTypes } from "./rolePrincipals.js";
import { findSpace } from "./spaces.js";

/** Access classes that a role can be given to. Stored assignments may name others: classes come and go. */
const accessClasses: ReadonlySet<string> = new Set([
  "anonymous-users",
  "jsm-project-admins",
  "authenticated-users",
  "all-licensed-users",
  "all-product-admins",
]);

type Principal = WorldRoleAssignment["principal"];

/** One entry of the body: a principal, and its new role or null for none. */
interface Change {
  readonly principal: Principal;
  readonly roleId: string | null;
}

/** Which principal holds which role in a space. */
export const roleAssignmentRoutes: CloudRoutes = {
  "GET /wiki/api/v2/spaces/{id}/role-assignments": list,
  "POST /wiki/api/v2/spaces/{id}/role-assignments": set,
};

function list(call: CloudCall): Reply {
  requireRoles(call);
  const space = findSpace(call);
  const roleId = call.query.get("role-id");
  const roleType = readChoice(call.query, "role-type", ["SYSTEM", "CUSTOM"]);
  const principal = readPrincipal(call.query);
  const rows = space.roleAssignments.filter(
    (row) =>
      (roleId === null || row.roleId === roleId) &&
      (roleType === undefined || call.state.roles.get(row.roleId)?.type === roleType) &&
      (principal === undefined || assignmentKey({ principal }) === assignmentKey(row)),
  );
  return pageV2(call, { rows, idOf: assignmentKey, show: (row) => row });
}

/** All entries or none: the whole body is checked before anything changes. */
function set(call: CloudCall): Reply {
  requireRoles(call);
  const space = findSpace(call);
  const changes = readChanges(call);
  const byPrincipal = new Map(space.roleAssignments.map((row) => [assignmentKey(row), row]));
  for (const { principal, roleId } of changes) {
    const key = assignmentKey({ principal });
    if (roleId === null) byPrincipal.delete(key);
    else byPrincipal.set(key, { principal, roleId });
  }
  call.state.spaces.putRoleAssignments(space, [...byPrincipal.values()]);
  const results = changes.flatMap(({ principal, roleId }) => (roleId === null ? [] : [{ principal, roleId }]));
  return { status: 200, body: { results, _links: { base: `${call.siteUrl}/wiki` } } };
}

function readChanges(call: CloudCall): readonly Change[] {
  const body = call.json();
  if (!Array.isArray(body)) throw new Refusal(400, "The body must be a bare list of role assignments.");
  if (body.length === 0) throw new Refusal(400, "The list of role assignments must not be empty.");
  const changes = body.map((entry: unknown, at) => readChange(call, entry, `[${at}]`));
  if (new Set(changes.map(assignmentKey)).size < changes.length) {
    // Undocumented; which of two entries would win is anybody's guess, so neither does.
    throw new Refusal(400, "The list names a principal twice.");
  }
  return changes;
}

function readChange(call: CloudCall, entry: unknown, at: string): Change {
  if (!isObject(entry) || !isObject(entry.principal)) throw new Refusal(400, `${at}.principal is missing.`);
  const { principalType, principalId } = entry.principal;
  const type = rolePrincipalTypes.find((candidate) => candidate === principalType);
  if (type === undefined) {
    throw new Refusal(400, `${at}.principal.principalType must be one of ${rolePrincipalTypes.join(", ")}.`);
  }
  if (typeof principalId !== "string" || principalId === "") {
    throw new Refusal(400, `${at}.principal.principalId must be a text that is not empty.`);
  }
  const principal = { principalType: type, principalId };
  // Only a role that is left out removes; a null is a mistake.
  if (entry.roleId === undefined) return { principal, roleId: null };
  if (typeof entry.roleId !== "string" || !call.state.roles.has(entry.roleId)) {
    throw new Refusal(400, `${at}.roleId names no role of this site.`);
  }
  if (!exists(call, principal)) throw new Refusal(400, `${at}.principal is not known on this site.`);
  return { principal, roleId: entry.roleId };
}

function exists({ state }: CloudCall, { principalType, principalId }: Principal): boolean {
  if (principalType === "USER") return (state.accounts.get(principalId)?.accountStatus ?? "closed") !== "closed";
  if (principalType === "GROUP") return state.groups.get(principalId) !== undefined;
  return accessClasses.has(principalId);
}
