import { pageSizes } from "../confluence/pageSizes.js";
import type { SpaceId } from "../domain/ids.js";
import type { Space } from "../domain/Space.js";
import { defineLoader } from "./defineLoader.js";
import { heapEstimates } from "./heapEstimates.js";

/** A space by its id, whatever its status. */
export const space = defineLoader<SpaceId, Space>({
  name: "space",
  upstream: { bulk: pageSizes.spacesByIds },
  lifetime: "spaces",
  fetch: (store, ids) => store.site.spaces.byIds(ids),
  sizeOf: () => heapEstimates.space,
});
