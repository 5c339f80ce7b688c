import type { Complete } from "../domain/Complete.js";
import { compareCodePoints } from "../domain/compareCodePoints.js";
import type { SpaceRole } from "../domain/SpaceRole.js";
import { defineLoader } from "./defineLoader.js";
import { heapEstimates, heapOfList } from "./heapEstimates.js";
import { type OnlyOne, onlyOne } from "./onlyOne.js";
import { orderOnce } from "./orderOnce.js";

/** Every role definition of the site, ordered by name, then id. */
export const roleList = defineLoader<OnlyOne, Complete<SpaceRole>>({
  name: "roleList",
  upstream: "call-per-key",
  lifetime: "roles",
  fetch: async (store) => {
    const list = await store.site.roles.list();
    const items = orderOnce(
      list.items,
      (left, right) => compareCodePoints(left.name, right.name) || compareCodePoints(left.roleId, right.roleId),
    );
    return new Map([[onlyOne, { ...list, items }]]);
  },
  sizeOf: (list) => heapOfList(list, heapEstimates.role),
  mayRemember: (list) => list.gaps.length === 0,
});
