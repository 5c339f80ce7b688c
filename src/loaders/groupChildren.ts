import { type Complete, nothing } from "../domain/Complete.js";
import type { GroupId } from "../domain/ids.js";
import { defineLoader } from "./defineLoader.js";
import { heapEstimates, heapOfList } from "./heapEstimates.js";
import { primeGroups } from "./primeGroups.js";

/** The groups that are direct members of a group, ordered by id. None where groups hold accounts only. */
export const groupChildren = defineLoader<GroupId, Complete<GroupId>>({
  name: "groupChildren",
  upstream: "call-per-key",
  lifetime: "memberships",
  fetch: async (store, ids) => {
    const { childrenOf } = store.site.groups;
    const asOfMs = store.clock.now();
    if (childrenOf === null) return new Map(ids.map((id) => [id, nothing(asOfMs)]));
    return primeGroups(store, await childrenOf(ids));
  },
  sizeOf: (list) => heapOfList(list, heapEstimates.id),
  mayRemember: (list) => list.gaps.length === 0,
});
