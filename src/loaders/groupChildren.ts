import { nothing } from "../domain/Complete.js";
import type { GroupId } from "../domain/ids.js";
import { heapEstimates } from "./heapEstimates.js";
import { defineListLoader } from "./LoaderDeclaration.js";
import { primeGroups } from "./primeGroups.js";

/** The groups that are direct members of a group, ordered by id. None where groups hold accounts only. */
export const groupChildren = defineListLoader<GroupId, GroupId>({
  name: "groupChildren",
  upstream: "call-per-key",
  lifetime: "memberships",
  touchedBy: (event) => {
    if (event.kind === "groupCreated") return event.groupId === null ? [] : [event.groupId];
    if (event.kind !== "groupDeleted") return [];
    const gone = event.groupId;
    return { where: ({ items }, id) => id === gone || items.includes(gone) };
  },
  fetch: async (reader, ids) => {
    const { childrenOf } = reader.site.groups;
    const asOfMs = reader.clock.now();
    if (childrenOf === null) return new Map(ids.map((id) => [id, nothing(asOfMs)]));
    return primeGroups(reader, await childrenOf(ids));
  },
  bytesPerItem: heapEstimates.id,
});
