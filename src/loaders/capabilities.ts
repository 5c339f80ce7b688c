import { type SiteCapability, toldModel } from "../domain/Site.js";
import { untouched } from "./effects/touches.js";
import { heapEstimates } from "./heapEstimates.js";
import { defineLoader } from "./LoaderDeclaration.js";
import { type OnlyOne, onlyOne } from "./onlyOne.js";
import { permissionModel } from "./permissionModel.js";

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
