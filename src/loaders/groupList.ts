import type { Group } from "../domain/Group.js";
import { compareCodePoints } from "../domain/textOrder.js";
import { group } from "./group.js";
import { heapEstimates } from "./heapEstimates.js";
import { defineListLoader } from "./LoaderDeclaration.js";
import { type OnlyOne, onlyOne } from "./onlyOne.js";
import { orderOnce } from "./orderOnce.js";

/** Every group of the site, ordered by name, then id. What it reads also answers for each group by its id. */
export const groupList = defineListLoader<OnlyOne, Group>({
  name: "groupList",
  upstream: "call-per-key",
  lifetime: "groups",
  touchedBy: (event) => {
    if (event.kind === "groupCreated") return [onlyOne];
    if (event.kind !== "groupDeleted") return [];
    // A call may have been refused.
    if (!event.isSeen) return [onlyOne];
    const gone = event.groupId;
    return {
      revise: onlyOne,
      to: (list) => ({ ...list, items: list.items.filter(({ groupId }) => groupId !== gone) }),
    };
  },
  fetch: async (reader) => {
    const list = await reader.site.groups.list();
    for (const item of list.items) reader.prime(group, item.groupId, item, list.asOfMs);
    const items = orderOnce(
      list.items,
      (left, right) => compareCodePoints(left.name, right.name) || compareCodePoints(left.groupId, right.groupId),
    );
    return new Map([[onlyOne, { ...list, items }]]);
  },
  bytesPerItem: heapEstimates.group,
});
