import type { PermissionModel } from "../domain/PermissionModel.js";
import { heapEstimates } from "./heapEstimates.js";
import { defineLoader } from "./LoaderDeclaration.js";
import { type OnlyOne, onlyOne } from "./onlyOne.js";

/** How the site stores space access. It changes once in a site's life, but it does change. */
export const permissionModel = defineLoader<OnlyOne, PermissionModel>({
  name: "permissionModel",
  upstream: "call-per-key",
  lifetime: "roles",
  fetch: async (reader) => new Map([[onlyOne, await reader.site.readPermissionModel()]]),
  sizeOf: () => heapEstimates.id,
});
