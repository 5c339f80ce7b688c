import type { Complete } from "../../domain/Complete.js";
import type { PermissionModel } from "../../domain/PermissionModel.js";
import { SiteError } from "../../domain/SiteError.js";
import type { SpaceRole } from "../../domain/SpaceRole.js";
import { pageSizes } from "../pageSizes.js";
import type { CloudClient } from "./CloudClient.js";
import { mapSpaceRole } from "./mapSpaceRole.js";
import { roleModeWire, rolesWire } from "./wire/roleWire.js";

const models: ReadonlySet<string> = new Set<PermissionModel>(["PRE_ROLES", "ROLES_TRANSITION", "ROLES"]);

/** The site's role mode. A site without the route (404) is older than roles; a mode to come is `UNKNOWN`. */
export async function fetchPermissionModel(client: CloudClient): Promise<PermissionModel> {
  try {
    const { mode } = await client.fetchOne(
      { method: "GET", call: "GET /wiki/api/v2/space-role-mode", path: "/wiki/api/v2/space-role-mode" },
      roleModeWire,
    );
    return models.has(mode) ? (mode as PermissionModel) : "UNKNOWN";
  } catch (error) {
    if (error instanceof SiteError && error.kind === "NotVisible") return "PRE_ROLES";
    throw error;
  }
}

/** Every role definition. The route can answer 404 although the mode says `ROLES`: then the definitions are not known. */
export async function fetchRoles(client: CloudClient): Promise<Complete<SpaceRole>> {
  const call = "GET /wiki/api/v2/space-roles";
  try {
    const list = await client.listByCursor({
      call,
      path: "/wiki/api/v2/space-roles",
      shape: rolesWire,
      pageSize: pageSizes.spaceRoles,
      missing: (count) => `role definitions after the first ${count}`,
    });
    return { ...list, items: list.items.map(mapSpaceRole) };
  } catch (error) {
    if (!(error instanceof SiteError) || error.kind !== "NotVisible") throw error;
    throw new SiteError("Unsupported", `${call} answered 404: this site does not tell its role definitions.`, {
      call,
      status: 404,
      cause: error,
    });
  }
}
