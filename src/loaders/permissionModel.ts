import type { KnownPermissionModel } from "../domain/Site.js";
import { untouched } from "./effects/touches.js";
import { heapEstimates } from "./heapEstimates.js";
import { defineLoader } from "./LoaderDeclaration.js";
import { type OnlyOne, onlyOne } from "./onlyOne.js";

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
