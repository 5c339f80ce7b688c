import type { Complete } from "../domain/Complete.js";
import { compareCodePoints } from "../domain/compareCodePoints.js";
import type { Group } from "../domain/Group.js";
import { defineLoader } from "./defineLoader.js";
import { group } from "./group.js";
import { heapEstimates, heapOfList } from "./heapEstimates.js";
import { type OnlyOne, onlyOne } from "./onlyOne.js";
import { orderOnce } from "./orderOnce.js";

/** Every group of the site, ordered by name, then id. What it reads also answers for each group by its id. */
export const groupList = defineLoader<OnlyOne, Complete<Group>>({
  name: "groupList",
  upstream: "call-per-key",
  lifetime: "groups",
  fetch: async (store) => {
    const list = await store.site.groups.list();
    for (const item of list.items) store.of(group).prime(item.groupId, item, list.asOfMs);
    const items = orderOnce(
      list.items,
      (left, right) => compareCodePoints(left.name, right.name) || compareCodePoints(left.groupId, right.groupId),
    );
    return new Map([[onlyOne, { ...list, items }]]);
  },
  sizeOf: (list) => heapOfList(list, heapEstimates.group),
  mayRemember: (list) => list.gaps.length === 0,
});
