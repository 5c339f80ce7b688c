import { pageSizes } from "../confluence/pageSizes.js";
import type { SpaceId } from "../domain/ids.js";
import type { Space } from "../domain/Space.js";
import { untouched } from "./effects/touches.js";
import { heapEstimates } from "./heapEstimates.js";
import { defineLoader } from "./LoaderDeclaration.js";
import { onlyShown } from "./shownSpaces.js";

/** A space by its id, whatever its status; not there when the configuration leaves it out. */
export const space = defineLoader<SpaceId, Space>({
  name: "space",
  upstream: { bulk: pageSizes.spacesByIds },
  lifetime: "spaces",
  touchedBy: untouched,
  fetch: async (reader, ids) => onlyShown(reader, await reader.site.spaces.byIds(ids)),
  sizeOf: () => heapEstimates.space,
});
