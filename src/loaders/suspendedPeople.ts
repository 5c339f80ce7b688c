import type { AccountId } from "../domain/ids.js";
import { accountChanges, touchedOnlyOne } from "./effects/touches.js";
import { heapEstimates } from "./heapEstimates.js";
import { defineListLoader } from "./LoaderDeclaration.js";
import { type OnlyOne, onlyOne } from "./onlyOne.js";
import { organizationUser } from "./organizationUser.js";

/**
 * Everyone whom the organization suspended or deactivated; absent where none is configured. What the search says of each
 * also answers for the account. It lives as long as memberships do: it is what makes lists of members whole.
 */
export const suspendedPeople = defineListLoader<OnlyOne, AccountId>({
  name: "suspendedPeople",
  upstream: "call-per-key",
  lifetime: "memberships",
  touchedBy: (event, { site }) => (site.organization === null ? [] : touchedOnlyOne(event, accountChanges)),
  fetch: async (reader) => {
    const list = await reader.site.organization?.suspendedUsers();
    if (list === undefined) return new Map();
    for (const user of list.items) reader.prime(organizationUser, user.accountId, user, list.asOfMs);
    return new Map([[onlyOne, { ...list, items: list.items.map(({ accountId }) => accountId) }]]);
  },
  bytesPerItem: heapEstimates.id,
});
