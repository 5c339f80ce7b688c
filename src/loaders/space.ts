import { pageSizes } from "../confluence/pageSizes.js";
import type { SpaceId } from "../domain/ids.js";
import type { Space } from "../domain/Space.js";
import { heapEstimates } from "./heapEstimates.js";
import { defineLoader } from "./LoaderDeclaration.js";

/** A space by its id, whatever its status. */
export const space = defineLoader<SpaceId, Space>({
  name: "space",
  upstream: { bulk: pageSizes.spacesByIds },
  lifetime: "spaces",
  fetch: (reader, ids) => reader.site.spaces.byIds(ids),
  sizeOf: () => heapEstimates.space,
});
