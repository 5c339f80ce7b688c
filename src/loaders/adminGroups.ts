import type { Complete } from "../domain/Complete.js";
import type { GroupId } from "../domain/ids.js";
import { defineLoader } from "./defineLoader.js";
import { heapEstimates, heapOfList } from "./heapEstimates.js";
import { type OnlyOne, onlyOne } from "./onlyOne.js";

/** The groups whose members administer Confluence: whom the class `all-product-admins` stands for. */
export const adminGroups = defineLoader<OnlyOne, Complete<GroupId>>({
  name: "adminGroups",
  upstream: "call-per-key",
  lifetime: "groups",
  fetch: async (store) => new Map([[onlyOne, await store.site.groups.admins()]]),
  sizeOf: (list) => heapOfList(list, heapEstimates.id),
  mayRemember: (list) => list.gaps.length === 0,
});
