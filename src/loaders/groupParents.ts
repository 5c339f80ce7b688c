import type { GroupId } from "../domain/ids.js";
import { heapEstimates } from "./heapEstimates.js";
import { defineListLoader } from "./LoaderDeclaration.js";
import { primeGroups } from "./primeGroups.js";

/** The groups that a group is a direct member of, ordered by id; fails with `Unsupported` where the site cannot be asked so. */
export const groupParents = defineListLoader<GroupId, GroupId>({
  name: "groupParents",
  upstream: "call-per-key",
  lifetime: "memberships",
  touchedBy: (event) => {
    if (event.kind === "groupCreated") return event.groupId === null ? [] : [event.groupId];
    if (event.kind !== "groupDeleted") return [];
    const gone = event.groupId;
    return { where: ({ items }, id) => id === gone || items.includes(gone) };
  },
  fetch: async (reader, ids) => primeGroups(reader, (await reader.site.groups.parentsOf?.(ids)) ?? new Map()),
  bytesPerItem: heapEstimates.id,
});
