import type { Found } from "../confluence/Found.js";
import type { Complete } from "../domain/Complete.js";
import type { AccountId, GroupId } from "../domain/ids.js";
import { notVisible, SiteError } from "../domain/SiteError.js";
import { compareCodePoints } from "../domain/textOrder.js";
import { groupsAbove } from "./effects/groupsAbove.js";
import type { FetchReader } from "./FetchReader.js";
import { group } from "./group.js";
import { heapEstimates } from "./heapEstimates.js";
import { defineListLoader } from "./LoaderDeclaration.js";
import { orderOnce } from "./orderOnce.js";
import { primeAccounts } from "./primeAccounts.js";

/**
 * The direct members of a group, ordered by account id: as the site lists them, and some Data Center directories list the
 * members of child groups too. A group that is not shown is a failure (`NotVisible`), not an empty list.
 */
export const groupMembers = defineListLoader<GroupId, AccountId>({
  name: "groupMembers",
  upstream: "call-per-key",
  lifetime: "memberships",
  touchedBy: (event, known) => {
    switch (event.kind) {
      case "membershipChanged":
      case "groupDeleted": {
        // Some directories list the members of child groups too.
        const above = groupsAbove(known, event.groupId);
        return above === null ? "all" : [event.groupId, ...above];
      }
      case "groupCreated":
        return event.groupId === null ? [] : [event.groupId];
      case "accountCreated":
        // Default groups come with an account, and nothing tells which. Who was only asked in has none yet.
        return event.accountId === null && event.username === null && event.email !== null ? [] : "all";
      case "productRoleChanged":
        return "all";
      case "accountStatusChanged":
        return known.site.groups.leavesOutSuspended ? "all" : [];
      case "accountRemoved": {
        const { accountId } = event;
        return accountId === null ? "all" : { where: ({ items }) => items.includes(accountId) };
      }
      case "accountUpdated":
      case "spaceGrantsChanged":
        return [];
    }
  },
  fetch: fetchMembers,
  bytesPerItem: heapEstimates.id,
});

async function fetchMembers(
  reader: FetchReader<GroupId>,
  ids: readonly GroupId[],
): Promise<Found<GroupId, Complete<AccountId>>> {
  const found = new Map<GroupId, Complete<AccountId> | SiteError>();
  for (const [id, outcome] of await reader.site.groups.membersOf(ids)) {
    if (outcome instanceof SiteError) {
      found.set(id, outcome);
      continue;
    }
    const members = primeAccounts(reader, outcome);
    found.set(id, { ...members, items: orderOnce(members.items, compareCodePoints) });
  }
  // Cloud answers an empty page for a group that does not exist, so an empty list is believed only of a group that does.
  const empty = ids.filter((id) => {
    const members = found.get(id);
    return members !== undefined && !(members instanceof SiteError) && members.items.length === 0;
  });
  const existing = await reader.readEach(group, empty);
  for (const id of empty) {
    const outcome = existing.get(id);
    if (outcome === undefined) found.set(id, notVisible(`group ${id}`, "GET /wiki/rest/api/group/by-id"));
    else if (outcome instanceof SiteError) found.set(id, outcome);
  }
  return found;
}
