import type { AccountId, GroupId } from "../domain/ids.js";
import { accountOf, touchedById } from "./effects/touches.js";
import { heapEstimates } from "./heapEstimates.js";
import { defineListLoader } from "./LoaderDeclaration.js";
import { primeGroups } from "./primeGroups.js";

/**
 * The groups of one account by its own chain of calls, ordered by id. `AccountGroups` decides when this is the cheaper
 * way.
 */
export const memberOf = defineListLoader<AccountId, GroupId>({
  name: "memberOf",
  upstream: "call-per-key",
  lifetime: "memberships",
  touchedBy: (event) => {
    const told = accountOf(event);
    if (told !== null) return touchedById(told);
    if (event.kind === "membershipChanged" || event.kind === "productRoleChanged") return [event.accountId];
    if (event.kind !== "groupDeleted") return [];
    const gone = event.groupId;
    return { where: ({ items }) => items.includes(gone) };
  },
  fetch: async (reader, ids) => primeGroups(reader, await reader.site.groups.ofAccounts(ids)),
  bytesPerItem: heapEstimates.id,
});
