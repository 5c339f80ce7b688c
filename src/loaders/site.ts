import type { Complete } from "../domain/Complete.js";
import type { SpaceRole } from "../domain/Grant.js";
import { type KnownPermissionModel, type SiteCapability, toldModel } from "../domain/Site.js";
import { compareText, sortedDistinct } from "../domain/textOrder.js";
import { untouched } from "./effects.js";
import { defineListLoader, defineLoader, type OnlyOne, onlyOne, type ValueReader } from "./engine/LoaderDeclaration.js";
import { heapEstimates } from "./limits.js";

/**
 * How the site stores space access. It changes once in a site's life, but it does change; one that had to be inferred lives
 * as long as grants do.
 */
export const permissionModel = defineLoader<OnlyOne, KnownPermissionModel>({
  name: "permissionModel",
  upstream: "call-per-key",
  lifetime: "roles",
  lifetimeOf: ({ isInferred }) => (isInferred ? "grants" : "roles"),
  touchedBy: untouched,
  fetch: async (reader) => new Map([[onlyOne, await reader.site.readPermissionModel()]]),
  sizeOf: () => heapEstimates.id,
  trustOf: ({ assumptions }) => ({ gaps: [], assumptions }),
});

/** What the deployment can and cannot do. It changes with an upgrade. */
export const capabilities = defineLoader<OnlyOne, readonly SiteCapability[]>({
  name: "capabilities",
  upstream: "call-per-key",
  lifetime: "roles",
  touchedBy: untouched,
  fetch: async (reader) => {
    const known = await reader.read(permissionModel, onlyOne);
    return new Map([[onlyOne, await reader.site.readCapabilities(known ?? toldModel("UNKNOWN"))]]);
  },
  sizeOf: (list) => list.length * heapEstimates.id,
});

/** Every role definition of the site, ordered by name, then id. */
export const roleList = defineListLoader<OnlyOne, SpaceRole>({
  name: "roleList",
  upstream: "call-per-key",
  lifetime: "roles",
  touchedBy: untouched,
  fetch: async (reader) => {
    const list = await reader.site.roles.list();
    const items = sortedDistinct(
      list.items,
      (left, right) => compareText(left.name, right.name) || compareText(left.roleId, right.roleId),
    );
    tellRoles(reader, { items });
    return new Map([[onlyOne, { ...list, items }]]);
  },
  tells: tellRoles,
  bytesPerItem: heapEstimates.role,
});

function tellRoles(reader: ValueReader, { items }: Pick<Complete<SpaceRole>, "items">): void {
  for (const operation of items.flatMap(({ permissions }) => permissions)) reader.noteOperation(operation, "ROLE");
}
