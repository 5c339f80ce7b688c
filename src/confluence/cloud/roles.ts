import type { Complete } from "../../domain/Complete.js";
import type { SpaceRole } from "../../domain/Grant.js";
import type { RoleId } from "../../domain/ids.js";
import type { Operation } from "../../domain/Operation.js";
import { type KnownPermissionModel, type PermissionModel, toldModel } from "../../domain/Site.js";
import { isOfKind, SiteError } from "../../domain/SiteError.js";
import type { CloudClient } from "./client.js";
import { cloudLimits } from "./limits.js";
import { type RoleWire, roleModeWire, rolesWire, spacesWire } from "./wire.js";

const models: ReadonlySet<string> = new Set<PermissionModel>(["PRE_ROLES", "ROLES_TRANSITION", "ROLES"]);

const modeCall = "GET /wiki/api/v2/space-role-mode";
const rolesCall = "GET /wiki/api/v2/space-roles";

/** The site's role mode; a mode to come is `UNKNOWN`. Where the mode is not shown (404) it is settled by what else is. */
export async function fetchPermissionModel(client: CloudClient): Promise<KnownPermissionModel> {
  try {
    const { mode } = await client.fetchOne(
      { method: "GET", call: modeCall, path: "/wiki/api/v2/space-role-mode" },
      roleModeWire,
    );
    return toldModel(models.has(mode) ? (mode as PermissionModel) : "UNKNOWN");
  } catch (error) {
    if (isOfKind(error, "NotVisible")) return settleMissingMode(client, error);
    throw error;
  }
}

/**
 * A mode that is not shown says nothing by itself: the site may be older than roles, or hide it. A space whose permissions can
 * be read tells: where it answers for role assignments there are roles; where it does not, and the site has no definitions
 * either, there are none, and that is an assumption. Anything else leaves it unknown.
 */
async function settleMissingMode(client: CloudClient, missing: SiteError): Promise<KnownPermissionModel> {
  const spaceId = await findReadableSpace(client);
  if (spaceId === null) throw missing;
  const below = `/wiki/api/v2/spaces/${encodeURIComponent(spaceId)}`;
  const call = "GET /wiki/api/v2/spaces/{id}/role-assignments";
  if (await isShown(client, call, `${below}/role-assignments`)) {
    return { model: "ROLES_TRANSITION", isInferred: true, assumptions: [] };
  }
  if (await isShown(client, rolesCall, "/wiki/api/v2/space-roles")) throw missing;
  return { model: "PRE_ROLES", isInferred: true, assumptions: ["NO_SPACE_ROLES"] };
}

async function findReadableSpace(client: CloudClient): Promise<string | null> {
  const { results } = await client.fetchOne(
    {
      method: "GET",
      call: "GET /wiki/api/v2/spaces",
      path: "/wiki/api/v2/spaces",
      query: { status: "current", limit: cloudLimits.spacesTriedForMode },
    },
    spacesWire,
  );
  for (const id of results.map((space) => String(space.id))) {
    const path = `/wiki/api/v2/spaces/${encodeURIComponent(id)}/permissions`;
    if (await isShown(client, "GET /wiki/api/v2/spaces/{id}/permissions", path)) return id;
  }
  return null;
}

async function isShown(client: CloudClient, call: string, path: string): Promise<boolean> {
  try {
    await client.transport.send({ method: "GET", call, path, query: { limit: 1 } });
    return true;
  } catch (error) {
    if (isOfKind(error, "NotVisible")) return false;
    throw error;
  }
}

/** Every role definition. The route can answer 404 although the mode says `ROLES`: then the definitions are not known. */
export async function fetchRoles(client: CloudClient): Promise<Complete<SpaceRole>> {
  const call = rolesCall;
  try {
    const list = await client.listByCursor({
      call,
      path: "/wiki/api/v2/space-roles",
      shape: rolesWire,
      pageSize: cloudLimits.spaceRoles,
      missing: (count) => `role definitions after the first ${count}`,
    });
    return { ...list, items: list.items.map(mapSpaceRole) };
  } catch (error) {
    if (!isOfKind(error, "NotVisible")) throw error;
    throw new SiteError("Unsupported", `${call} answered 404: this site does not tell its role definitions.`, {
      call,
      status: 404,
      cause: error,
    });
  }
}

/** A role definition; its permissions are written `operation/target`. */
function mapSpaceRole(role: RoleWire): SpaceRole {
  return {
    roleId: role.id as RoleId,
    name: role.name,
    description: role.description ?? null,
    reportedType: role.type,
    permissions: role.spacePermissions.map(mapPermission),
  };
}

function mapPermission(permission: string): Operation {
  const slash = permission.indexOf("/");
  return slash < 0
    ? { key: permission, target: "" }
    : { key: permission.slice(0, slash), target: permission.slice(slash + 1) };
}
