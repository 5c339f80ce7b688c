import type { Complete } from "../domain/Complete.js";
import { compareCodePoints } from "../domain/compareCodePoints.js";
import type { GroupId } from "../domain/ids.js";
import { SiteError } from "../domain/SiteError.js";
import { defineLoader } from "./defineLoader.js";
import { group } from "./group.js";
import { heapEstimates, heapOfList } from "./heapEstimates.js";
import { orderOnce } from "./orderOnce.js";

/** The groups that a group is a direct member of, ordered by id; fails with `Unsupported` where the site cannot be asked so. */
export const groupParents = defineLoader<GroupId, Complete<GroupId>>({
  name: "groupParents",
  upstream: "call-per-key",
  lifetime: "memberships",
  fetch: async (store, ids) => {
    const found = new Map<GroupId, Complete<GroupId> | SiteError>();
    for (const [id, outcome] of (await store.site.groups.parentsOf?.(ids)) ?? []) {
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
