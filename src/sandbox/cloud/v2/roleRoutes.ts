import { Refusal } from "../../http/Refusal.js";
import type { Reply } from "../../http/Reply.js";
import { limits } from "../../limits.js";
import type { WorldRole } from "../../world/World.js";
import type { CloudCall, CloudRoutes } from "../CloudCall.js";
import { isObject } from "../isObject.js";
import { type SpacePermissionDefinition, spacePermissionCatalogue } from "../spacePermissionCatalogue.js";
import { pageV2 } from "./pageV2.js";
import { readChoice } from "./readQuery.js";
import { readPrincipal, requireRoles } from "./rolePrincipals.js";

/** Role definitions, the catalogue they are made of, and the mode of the site. */
export const roleRoutes: CloudRoutes = {
  "GET /wiki/api/v2/space-role-mode": ({ state }) => ({ status: 200, body: { mode: state.mode } }),
  "GET /wiki/api/v2/space-permissions": (call) => {
    requireRoles(call);
    return pageV2(call, { rows: catalogueOf(call), idOf: (row) => row.id, show: (row) => row });
  },
  "GET /wiki/api/v2/space-roles": listRoles,
  "GET /wiki/api/v2/space-roles/{id}": (call) => {
    const role = findRole(call);
    return { status: 200, body: { ...role, _links: { base: `${call.siteUrl}/wiki` } } };
  },
  "POST /wiki/api/v2/space-roles": createRole,
  "PUT /wiki/api/v2/space-roles/{id}": updateRole,
  "DELETE /wiki/api/v2/space-roles/{id}": deleteRole,
};

function listRoles(call: CloudCall): Reply {
  requireRoles(call);
  const { state, query } = call;
  const roleType = readChoice(query, "role-type", ["SYSTEM", "CUSTOM"]);
  const principal = readPrincipal(query);
  const spaceId = query.get("space-id");
  if (spaceId !== null && !/^\d{1,19}$/.test(spaceId)) throw new Refusal(400, "space-id must be a number.");
  const space = spaceId === null ? undefined : state.spaces.get(spaceId);
  if (spaceId !== null && space === undefined) throw new Refusal(404, `No space with id ${spaceId} is visible to you.`);
  const held = principal === undefined ? undefined : heldRoles(call, principal, space?.id);
  const rows = [...state.roles.values()].filter(
    (role) => (roleType === undefined || role.type === roleType) && (held === undefined || held.has(role.id)),
  );
  return pageV2(call, { rows, idOf: (role) => role.id, show: (role) => role });
}

function heldRoles(
  { state }: CloudCall,
  principal: { readonly principalType: string; readonly principalId: string },
  spaceId: string | undefined,
): ReadonlySet<string> {
  const { principalType, principalId } = principal;
  if (spaceId === undefined) return state.spaces.rolesOf(principalType, principalId);
  const rows = state.spaces.get(spaceId)?.roleAssignments ?? [];
  return new Set(
    rows
      .filter((row) => row.principal.principalType === principalType && row.principal.principalId === principalId)
      .map((row) => row.roleId),
  );
}

function createRole(call: CloudCall): Reply {
  requireRoles(call);
  const definition = readDefinition(call, undefined);
  const role: WorldRole = { id: call.state.newUuid(), type: "CUSTOM", ...definition };
  call.state.roles.set(role.id, role);
  return { status: 201, body: role };
}

/** Accepted now, true a moment later: reading back at once still shows the old definition. */
function updateRole(call: CloudCall): Reply {
  const { state } = call;
  const role = findCustomRole(call);
  const definition = readDefinition(call, role.id);
  const targets = readReassignments(call);
  const taskId = state.newUuid();
  state.pending.start(taskId, call.now, () => {
    if (state.roles.has(role.id)) state.roles.set(role.id, { ...role, ...definition });
    reassign(call, role.id, targets);
  });
  const { name, description } = definition;
  return { status: 202, body: { id: role.id, type: role.type, name, description, taskId } };
}

/** Assignments of a deleted role go with it: what becomes of them is documented nowhere, and losing them is the worse case. */
function deleteRole(call: CloudCall): Reply {
  const { state } = call;
  const role = findCustomRole(call);
  const taskId = state.newUuid();
  state.pending.start(taskId, call.now, () => {
    state.roles.delete(role.id);
    for (const space of state.spaces.all()) {
      const kept = space.roleAssignments.filter((row) => row.roleId !== role.id);
      if (kept.length < space.roleAssignments.length) state.spaces.putRoleAssignments(space, kept);
    }
  });
  return { status: 202, body: { taskId } };
}

function findRole(call: CloudCall): WorldRole {
  requireRoles(call);
  const role = call.state.roles.get(call.params.id ?? "");
  if (role === undefined) throw new Refusal(404, "No space role with this id is visible to you.");
  return role;
}

function findCustomRole(call: CloudCall): WorldRole {
  const role = findRole(call);
  if (role.type === "SYSTEM") throw new Refusal(400, "System roles cannot be changed or deleted.");
  return role;
}

function readDefinition(
  call: CloudCall,
  ownId: string | undefined,
): Pick<WorldRole, "name" | "description" | "spacePermissions"> {
  const body = call.json();
  if (!isObject(body)) throw new Refusal(400, "The body must be an object.");
  const { name, description, spacePermissions } = body;
  if (typeof name !== "string" || name.trim() === "" || name.length > limits.nameLength) {
    throw new Refusal(400, `name must be a text of 1 to ${limits.nameLength} characters.`);
  }
  const isTaken = [...call.state.roles.values()].some(
    (role) => role.id !== ownId && role.name.toLowerCase() === name.toLowerCase(),
  );
  if (isTaken) throw new Refusal(400, `A space role named '${name}' exists already.`);
  if (typeof description !== "string") throw new Refusal(400, "description must be a text.");
  return { name, description, spacePermissions: readPermissions(call, spacePermissions) };
}

function readPermissions(call: CloudCall, value: unknown): readonly string[] {
  if (!Array.isArray(value) || value.length === 0) {
    throw new Refusal(400, "spacePermissions must be a list that is not empty.");
  }
  const known = new Map(catalogueOf(call).map((row) => [row.id, row]));
  const ids = new Set(value.map((id: unknown) => (typeof id === "string" ? id : "")));
  for (const id of ids) {
    const missing = (known.get(id)?.requiredPermissionIds ?? []).find((required) => !ids.has(required));
    if (!known.has(id)) throw new Refusal(400, `spacePermissions: '${id}' is not a permission of this site.`);
    if (missing !== undefined) throw new Refusal(400, `spacePermissions: '${id}' requires '${missing}'.`);
  }
  return [...ids];
}

/** Roles of the world may hold permissions that nobody has documented; the catalogue then lists those as well. */
function catalogueOf({ state }: CloudCall): readonly SpacePermissionDefinition[] {
  const known = new Set(spacePermissionCatalogue.map((row) => row.id));
  const others = new Set(
    [...state.roles.values()].flatMap((role) => role.spacePermissions.filter((id) => !known.has(id))),
  );
  const rows = [...others].map((id) => ({ id, displayName: id, description: "", requiredPermissionIds: [] }));
  return [...spacePermissionCatalogue, ...rows];
}

interface Reassignments {
  readonly anonymous: string | undefined;
  readonly guests: string | undefined;
}

function readReassignments(call: CloudCall): Reassignments {
  const body = call.json();
  const read = (key: string): string | undefined => {
    const value = isObject(body) ? body[key] : undefined;
    if (value === undefined) return undefined;
    if (typeof value === "string" && call.state.roles.has(value)) return value;
    throw new Refusal(400, `${key} names no role of this site.`);
  };
  return { anonymous: read("anonymousReassignmentRoleId"), guests: read("guestReassignmentRoleId") };
}

function reassign({ state }: CloudCall, roleId: string, { anonymous, guests }: Reassignments): void {
  if (anonymous === undefined && guests === undefined) return;
  for (const space of state.spaces.all()) {
    const rows = space.roleAssignments.map((row) => {
      if (row.roleId !== roleId) return row;
      const { principalType, principalId } = row.principal;
      const isAnonymous = principalType === "ACCESS_CLASS" && principalId === "anonymous-users";
      const isGuest = principalType === "USER" && state.accounts.get(principalId)?.isExternalCollaborator === true;
      const target = isAnonymous ? anonymous : isGuest ? guests : undefined;
      return target === undefined ? row : { ...row, roleId: target };
    });
    state.spaces.putRoleAssignments(space, rows);
  }
}
