import type { SiteCapability } from "../domain/SiteCapability.js";
import { defineLoader } from "./defineLoader.js";
import { heapEstimates } from "./heapEstimates.js";
import { type OnlyOne, onlyOne } from "./onlyOne.js";
import { permissionModel } from "./permissionModel.js";

/** What the deployment can and cannot do. It changes with an upgrade. */
export const capabilities = defineLoader<OnlyOne, readonly SiteCapability[]>({
  name: "capabilities",
  upstream: "call-per-key",
  lifetime: "roles",
  fetch: async (store, _ids, notBeforeMs) => {
    const model = (await store.read(permissionModel, onlyOne, notBeforeMs)) ?? "UNKNOWN";
    return new Map([[onlyOne, await store.site.readCapabilities(model)]]);
  },
  sizeOf: (list) => list.length * heapEstimates.id,
});
