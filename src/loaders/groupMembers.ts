import type { Found } from "../confluence/Found.js";
import type { Complete } from "../domain/Complete.js";
import { compareCodePoints } from "../domain/compareCodePoints.js";
import type { AccountId, GroupId } from "../domain/ids.js";
import { SiteError } from "../domain/SiteError.js";
import { defineLoader } from "./defineLoader.js";
import { group } from "./group.js";
import { heapEstimates, heapOfList } from "./heapEstimates.js";
import { orderOnce } from "./orderOnce.js";
import { primeAccounts } from "./primeAccounts.js";
import type { SiteStore } from "./SiteStore.js";

/**
 * The direct members of a group, ordered by account id: as the site lists them, and some Data Center directories list the
 * members of child groups too. A group that does not exist is absent, not empty.
 */
export const groupMembers = defineLoader<GroupId, Complete<AccountId>>({
  name: "groupMembers",
  upstream: "call-per-key",
  lifetime: "memberships",
  fetch: fetchMembers,
  sizeOf: (list) => heapOfList(list, heapEstimates.id),
  mayRemember: (list) => list.gaps.length === 0,
});

async function fetchMembers(
  store: SiteStore,
  ids: readonly GroupId[],
  notBeforeMs: number,
): Promise<Found<GroupId, Complete<AccountId>>> {
  const found = new Map<GroupId, Complete<AccountId> | SiteError>();
  for (const [id, outcome] of await store.site.groups.membersOf(ids)) {
    if (outcome instanceof SiteError) {
      found.set(id, outcome);
      continue;
    }
    const members = primeAccounts(store, outcome);
    found.set(id, { ...members, items: orderOnce(members.items, compareCodePoints) });
  }
  // Cloud answers an empty page for a group that does not exist, so an empty list is believed only of a group that does.
  const empty = ids.filter((id) => {
    const members = found.get(id);
    return members !== undefined && !(members instanceof SiteError) && members.items.length === 0;
  });
  const existence = await store.of(group).readMany(empty, notBeforeMs);
  empty.forEach((id, index) => {
    const outcome = existence[index];
    if (outcome === null || outcome === undefined) found.delete(id);
    else if (outcome instanceof SiteError) found.set(id, outcome);
    else if (outcome instanceof Error) throw outcome;
  });
  return found;
}
