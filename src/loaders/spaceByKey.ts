import { pageSizes } from "../confluence/pageSizes.js";
import type { SpaceKey } from "../domain/ids.js";
import type { Space } from "../domain/Space.js";
import { heapEstimates } from "./heapEstimates.js";
import { defineLoader } from "./LoaderDeclaration.js";

/** A space by its key, whatever its status. */
export const spaceByKey = defineLoader<SpaceKey, Space>({
  name: "spaceByKey",
  upstream: { bulk: pageSizes.spacesByIds },
  lifetime: "spaces",
  fetch: (reader, keys) => reader.site.spaces.byKeys(keys),
  sizeOf: () => heapEstimates.space,
});
