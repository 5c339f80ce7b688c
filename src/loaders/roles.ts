import type { SpaceRole } from "../domain/Grant.js";
import { compareText, sortedDistinct } from "../domain/textOrder.js";
import { untouched } from "./effects.js";
import { defineListLoader, type OnlyOne, onlyOne } from "./engine/LoaderDeclaration.js";
import { heapEstimates } from "./limits.js";

/** Every role definition of the site, ordered by name, then id. */
export const roleList = defineListLoader<OnlyOne, SpaceRole>({
  name: "roleList",
  upstream: "call-per-key",
  lifetime: "roles",
  touchedBy: untouched,
  fetch: async (reader) => {
    const list = await reader.site.roles.list();
    const items = sortedDistinct(
      list.items,
      (left, right) => compareText(left.name, right.name) || compareText(left.roleId, right.roleId),
    );
    for (const operation of items.flatMap(({ permissions }) => permissions)) {
      reader.noteOperation(operation, "ROLE");
    }
    return new Map([[onlyOne, { ...list, items }]]);
  },
  bytesPerItem: heapEstimates.role,
});
