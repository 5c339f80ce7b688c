import type { Complete } from "../domain/Complete.js";
import type { GroupId } from "../domain/ids.js";
import { defineLoader } from "./defineLoader.js";
import { heapEstimates, heapOfList } from "./heapEstimates.js";
import { primeGroups } from "./primeGroups.js";

/** The groups that a group is a direct member of, ordered by id; fails with `Unsupported` where the site cannot be asked so. */
export const groupParents = defineLoader<GroupId, Complete<GroupId>>({
  name: "groupParents",
  upstream: "call-per-key",
  lifetime: "memberships",
  fetch: async (store, ids) => primeGroups(store, (await store.site.groups.parentsOf?.(ids)) ?? new Map()),
  sizeOf: (list) => heapOfList(list, heapEstimates.id),
  mayRemember: (list) => list.gaps.length === 0,
});
