import { pageSizes } from "../confluence/pageSizes.js";
import type { SpaceKey } from "../domain/ids.js";
import type { Space } from "../domain/Space.js";
import { defineLoader } from "./defineLoader.js";
import { heapEstimates } from "./heapEstimates.js";

/** A space by its key, whatever its status. */
export const spaceByKey = defineLoader<SpaceKey, Space>({
  name: "spaceByKey",
  upstream: { bulk: pageSizes.spacesByIds },
  lifetime: "spaces",
  fetch: (store, keys) => store.site.spaces.byKeys(keys),
  sizeOf: () => heapEstimates.space,
});
