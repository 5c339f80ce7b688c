import { pageSizes } from "../confluence/pageSizes.js";
import type { SpaceKey } from "../domain/ids.js";
import type { Space } from "../domain/Space.js";
import { untouched } from "./effects/touches.js";
import { heapEstimates } from "./heapEstimates.js";
import { defineLoader } from "./LoaderDeclaration.js";
import { onlyShown } from "./shownSpaces.js";

/** A space by its key, whatever its status; not there when the configuration leaves it out. */
export const spaceByKey = defineLoader<SpaceKey, Space>({
  name: "spaceByKey",
  upstream: { bulk: pageSizes.spacesByIds },
  lifetime: "spaces",
  touchedBy: untouched,
  fetch: async (reader, keys) => onlyShown(reader, await reader.site.spaces.byKeys(keys)),
  sizeOf: () => heapEstimates.space,
});
