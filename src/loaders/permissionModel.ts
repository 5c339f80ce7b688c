import type { PermissionModel } from "../domain/PermissionModel.js";
import { defineLoader } from "./defineLoader.js";
import { heapEstimates } from "./heapEstimates.js";
import { type OnlyOne, onlyOne } from "./onlyOne.js";

/** How the site stores space access. It changes once in a site's life, but it does change. */
export const permissionModel = defineLoader<OnlyOne, PermissionModel>({
  name: "permissionModel",
  upstream: "call-per-key",
  lifetime: "roles",
  fetch: async (store) => new Map([[onlyOne, await store.site.readPermissionModel()]]),
  sizeOf: () => heapEstimates.id,
});
