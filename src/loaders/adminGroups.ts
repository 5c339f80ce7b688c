import type { GroupId } from "../domain/ids.js";
import { touchedOnlyOne } from "./effects/touches.js";
import { heapEstimates } from "./heapEstimates.js";
import { defineListLoader } from "./LoaderDeclaration.js";
import { type OnlyOne, onlyOne } from "./onlyOne.js";

/** The groups whose members administer Confluence: whom the class `all-product-admins` stands for. */
export const adminGroups = defineListLoader<OnlyOne, GroupId>({
  name: "adminGroups",
  upstream: "call-per-key",
  lifetime: "groups",
  // A group may administer by its name alone.
  touchedBy: (event) => touchedOnlyOne(event, { groupCreated: true, groupDeleted: true }),
  fetch: async (reader) => new Map([[onlyOne, await reader.site.groups.admins()]]),
  bytesPerItem: heapEstimates.id,
});
