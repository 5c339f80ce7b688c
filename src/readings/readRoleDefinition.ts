import type { Complete } from "../domain/Complete.js";
import type { SpaceRole } from "../domain/Grant.js";
import type { RoleId } from "../domain/ids.js";
import { SiteError } from "../domain/SiteError.js";
import { onlyOne } from "../loaders/engine/LoaderDeclaration.js";
import type { SiteLoaders } from "../loaders/engine/SiteLoaders.js";
import { roleList } from "../loaders/roles.js";

/** The definition of a role, or why it is not known; synchronously where the definitions are at hand. */
export function readRoleDefinition(
  loaders: SiteLoaders,
  roleId: RoleId,
): SpaceRole | SiteError | Promise<SpaceRole | SiteError> {
  const list = loaders.of(roleList).get(onlyOne);
  if (!(list instanceof Promise)) return definitionIn(loaders, list, roleId);
  return list.then(
    (read) => definitionIn(loaders, read, roleId),
    (error: unknown) => {
      if (error instanceof SiteError) return error;
      throw error;
    },
  );
}

function definitionIn(loaders: SiteLoaders, list: Complete<SpaceRole> | null, roleId: RoleId): SpaceRole | SiteError {
  const byId = loaders.once("rolesById", () => new Map(list?.items.map((role) => [role.roleId, role])));
  const role = byId.get(roleId);
  if (role !== undefined) return role;
  const [gap] = list?.gaps ?? [];
  return new SiteError(
    "ReadIncomplete",
    gap === undefined
      ? `The site's role definitions hold no role ${roleId}, so what it gives is not known.`
      : `The definition of role ${roleId} is not among those that could be read. ${gap.reason}`,
    { call: gap?.call ?? "GET /wiki/api/v2/space-roles" },
  );
}
