import type { Complete } from "../domain/Complete.js";
import { compareCodePoints } from "../domain/compareCodePoints.js";
import type { GroupId } from "../domain/ids.js";
import { SiteError } from "../domain/SiteError.js";
import { defineLoader } from "./defineLoader.js";
import { group } from "./group.js";
import { heapEstimates, heapOfList } from "./heapEstimates.js";
import { orderOnce } from "./orderOnce.js";

/** The groups that are direct members of a group, ordered by id. None where groups hold accounts only. */
export const groupChildren = defineLoader<GroupId, Complete<GroupId>>({
  name: "groupChildren",
  upstream: "call-per-key",
  lifetime: "memberships",
  fetch: async (store, ids) => {
    const { childrenOf } = store.site.groups;
    const asOfMs = store.clock.now();
    if (childrenOf === null) return new Map(ids.map((id) => [id, { items: [], gaps: [], asOfMs }]));
    const found = new Map<GroupId, Complete<GroupId> | SiteError>();
    for (const [id, outcome] of await childrenOf(ids)) {
      if (outcome instanceof SiteError) {
        found.set(id, outcome);
        continue;
      }
      for (const item of outcome.items) store.of(group).prime(item.groupId, item, outcome.asOfMs);
      const groupIds = outcome.items.map((item) => item.groupId);
      found.set(id, { ...outcome, items: orderOnce(groupIds, compareCodePoints) });
    }
    return found;
  },
  sizeOf: (list) => heapOfList(list, heapEstimates.id),
  mayRemember: (list) => list.gaps.length === 0,
});
