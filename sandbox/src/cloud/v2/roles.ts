import { isObject, Refusal, type Reply } from "../../http/service.js";
import type { RolePrincipalType, WorldRole, WorldRoleAssignment } from "../../world/World.js";
import { type CloudCall, type CloudRoutes, pageV2, readChoice, readName } from "../requests.js";
import { assignmentKey, type SpaceRecord } from "../state/spaces.js";
import { findSpace } from "./spaces.js";

type Principal = WorldRoleAssignment["principal"];

/** Role definitions, the catalogue they are made of, which principal holds which role in a space, and the mode of the site. */
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
  "GET /wiki/api/v2/spaces/{id}/role-assignments": listAssignments,
  "POST /wiki/api/v2/spaces/{id}/role-assignments": setAssignments,
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
  const held = principal === undefined ? undefined : heldRoles(call, principal, space);
  const rows = [...state.roles.values()].filter(
    (role) => (roleType === undefined || role.type === roleType) && (held === undefined || held.has(role.id)),
  );
  return pageV2(call, { rows, idOf: (role) => role.id, show: (role) => role });
}

function heldRoles({ state }: CloudCall, principal: Principal, space: SpaceRecord | undefined): ReadonlySet<string> {
  if (space === undefined) return state.spaces.rolesOf(principal);
  const key = assignmentKey({ principal });
  return new Set(space.roleAssignments.filter((row) => assignmentKey(row) === key).map((row) => row.roleId));
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
  const { description, spacePermissions } = body;
  const name = readName(body.name);
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

function listAssignments(call: CloudCall): Reply {
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
function setAssignments(call: CloudCall): Reply {
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

/** One entry of the body: a principal, and its new role or null for none. */
interface Change {
  readonly principal: Principal;
  readonly roleId: string | null;
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
  if (!isKnown(call, principal)) throw new Refusal(400, `${at}.principal is not known on this site.`);
  return { principal, roleId: entry.roleId };
}

/** Access classes that a role can be given to. Stored assignments may name others: classes come and go. */
const accessClasses: ReadonlySet<string> = new Set([
  "anonymous-users",
  "jsm-project-admins",
  "authenticated-users",
  "all-licensed-users",
  "all-product-admins",
]);

function isKnown({ state }: CloudCall, { principalType, principalId }: Principal): boolean {
  if (principalType === "USER") return (state.accounts.get(principalId)?.accountStatus ?? "closed") !== "closed";
  if (principalType === "GROUP") return state.groups.get(principalId) !== undefined;
  return accessClasses.has(principalId);
}

/** What a role can be given to. */
const rolePrincipalTypes: readonly RolePrincipalType[] = ["USER", "GROUP", "ACCESS_CLASS"];

/** The filter `principal-type` with `principal-id`, which come as a pair; undefined without them. */
function readPrincipal(query: URLSearchParams): Principal | undefined {
  const principalType = readChoice(query, "principal-type", rolePrincipalTypes);
  const principalId = query.get("principal-id");
  if (principalType === undefined && principalId === null) return undefined;
  if (principalType === undefined || principalId === null || principalId === "") {
    throw new Refusal(400, "principal-id and principal-type must be given together.");
  }
  return { principalType, principalId };
}

/** Role routes exist only on sites with role-based access; before that they answer 404, like anything hidden. */
function requireRoles(call: CloudCall): void {
  if (call.state.mode === "PRE_ROLES") throw new Refusal(404, "Space roles are not available on this site.");
}

/** A permission that roles are made of. */
interface SpacePermissionDefinition {
  readonly id: string;
  readonly displayName: string;
  readonly description: string;
  readonly requiredPermissionIds: readonly string[];
}

const rows: readonly (readonly [id: string, displayName: string, description: string, ...required: string[]])[] = [
  ["read/space", "View content", "View all content in the space that is not restricted."],
  ["delete/space", "Delete own content", "Delete content and folders one has created.", "create/page"],
  ["export_content/space", "Export content", "Export single pages."],
  ["create/page", "Create content", "Create and edit pages, whiteboards and folders."],
  ["update/page", "Edit content", "Edit the content of others."],
  ["archive/page", "Archive content", "Archive any content in the space.", "create/page"],
  ["delete/page", "Delete content", "Delete the content of others.", "create/page"],
  ["create/blogpost", "Create blogs", "Create and edit blog posts."],
  ["delete/blogpost", "Delete blogs", "Delete the blog posts of others.", "create/blogpost"],
  ["create/comment", "Comment", "Comment on any content."],
  ["delete/comment", "Delete comments", "Delete the comments of others.", "create/comment"],
  ["create/attachment", "Add attachments", "Upload files."],
  ["delete/attachment", "Delete attachments", "Delete the files of others.", "create/attachment"],
  ["restrict_content/space", "Restrict content", "Add and delete restrictions of content.", "create/page"],
  ["export/space", "Export the space", "Export the whole space.", "export_content/space"],
  ["manage_content/space", "Manage content", "Restore, reorder and move any content.", "create/page"],
  ["manage_users/space", "Manage people", "Give people and groups access to the space."],
  ["manage_guest_users/space", "Manage guests", "Give guests access to the space.", "manage_users/space"],
  ["manage_nonlicensed_users/space", "Manage anonymous access", "Open the space to the public.", "manage_users/space"],
  ["manage_public_links/space", "Manage public links", "Turn public links on and off."],
  ["manage_templates/space", "Manage templates", "Create, edit and delete templates of the space."],
  ["manage_look_and_feel/space", "Manage look and feel", "Change the theme of the space."],
  ["archive_space/space", "Archive the space", "Archive the whole space.", "administer/space"],
  ["delete_space/space", "Delete the space", "Delete the whole space.", "administer/space"],
  ["administer/space", "Administer the space", "Change every setting of the space."],
];

/** The permissions of role sites. Everything but viewing requires viewing. */
const spacePermissionCatalogue: readonly SpacePermissionDefinition[] = rows.map(
  ([id, displayName, description, ...required]) => ({
    id,
    displayName,
    description,
    requiredPermissionIds: id === "read/space" ? [] : ["read/space", ...required],
  }),
);
