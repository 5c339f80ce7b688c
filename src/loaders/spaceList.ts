import type { KnownSpaceStatus } from "../confluence/port.js";
import type { Complete } from "../domain/Complete.js";
import { compareCodePoints } from "../domain/compareCodePoints.js";
import type { Space } from "../domain/Space.js";
import { defineLoader } from "./defineLoader.js";
import { heapEstimates, heapOfList } from "./heapEstimates.js";
import { space } from "./space.js";
import { spaceByKey } from "./spaceByKey.js";

/** The spaces of one status, ordered by key. What it reads also answers for each space by its id and key. */
export const spaceList = defineLoader<KnownSpaceStatus, Complete<Space>>({
  name: "spaceList",
  upstream: "call-per-key",
  lifetime: "spaces",
  fetch: async (store, statuses) => {
    const lists = await Promise.all(statuses.map((status) => store.site.spaces.list(status)));
    return new Map(
      statuses.flatMap((status, index) => {
        const list = lists[index];
        if (list === undefined) return [];
        for (const item of list.items) {
          store.of(space).prime(item.spaceId, item, list.asOfMs);
          store.of(spaceByKey).prime(item.key, item, list.asOfMs);
        }
        return [[status, { ...list, items: [...list.items].sort(byKey) }]];
      }),
    );
  },
  sizeOf: (list) => heapOfList(list, heapEstimates.space),
  mayRemember: (list) => list.gaps.length === 0,
});

function byKey(left: Space, right: Space): number {
  return compareCodePoints(left.key, right.key) || compareCodePoints(left.spaceId, right.spaceId);
}
