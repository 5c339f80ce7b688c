import type { Complete } from "../domain/Complete.js";
import { compareCodePoints } from "../domain/compareCodePoints.js";
import type { AccountId, GroupId } from "../domain/ids.js";
import { SiteError } from "../domain/SiteError.js";
import { defineLoader } from "./defineLoader.js";
import { group } from "./group.js";
import { heapEstimates, heapOfList } from "./heapEstimates.js";
import { orderOnce } from "./orderOnce.js";

/**
 * The groups of one account by its own chain of calls, ordered by id. `AccountGroups` decides when this is the cheaper
 * way.
 */
export const memberOf = defineLoader<AccountId, Complete<GroupId>>({
  name: "memberOf",
  upstream: "call-per-key",
  lifetime: "memberships",
  fetch: async (store, ids) => {
    const found = new Map<AccountId, Complete<GroupId> | SiteError>();
    for (const [id, outcome] of await store.site.groups.ofAccounts(ids)) {
      if (outcome instanceof SiteError) {
        found.set(id, outcome);
        continue;
      }
      // The rows are whole groups: their names need no call of their own.
      for (const item of outcome.items) store.of(group).prime(item.groupId, item, outcome.asOfMs);
      const groupIds = outcome.items.map((item) => item.groupId);
      found.set(id, { ...outcome, items: orderOnce(groupIds, compareCodePoints) });
    }
    return found;
  },
  sizeOf: (list) => heapOfList(list, heapEstimates.id),
  mayRemember: (list) => list.gaps.length === 0,
});
