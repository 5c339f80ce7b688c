import type { Complete } from "../domain/Complete.js";
import type { AccountId, GroupId } from "../domain/ids.js";
import { defineLoader } from "./defineLoader.js";
import { heapEstimates, heapOfList } from "./heapEstimates.js";
import { primeGroups } from "./primeGroups.js";

/**
 * The groups of one account by its own chain of calls, ordered by id. `AccountGroups` decides when this is the cheaper
 * way.
 */
export const memberOf = defineLoader<AccountId, Complete<GroupId>>({
  name: "memberOf",
  upstream: "call-per-key",
  lifetime: "memberships",
  fetch: async (store, ids) => primeGroups(store, await store.site.groups.ofAccounts(ids)),
  sizeOf: (list) => heapOfList(list, heapEstimates.id),
  mayRemember: (list) => list.gaps.length === 0,
});
