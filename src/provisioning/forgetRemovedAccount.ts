import type { AccountId } from "../domain/ids.js";
import { directoryPeople } from "../loaders/directoryPeople.js";
import { groupList } from "../loaders/groupList.js";
import { groupMembers } from "../loaders/groupMembers.js";
import { memberOf } from "../loaders/memberOf.js";
import { onlyOne } from "../loaders/onlyOne.js";
import type { SiteStore } from "../loaders/SiteStore.js";

/** Drops what a store remembers that a removal changes beside the account's facts: its memberships go with it. Asks nobody. */
export function forgetRemovedAccount(store: SiteStore, accountId: AccountId): void {
  const listed = store.of(groupList).remembered(onlyOne)?.items ?? [];
  const joined = store.of(memberOf).remembered(accountId)?.items ?? [];
  const members = store.of(groupMembers);
  for (const groupId of new Set([...listed.map((group) => group.groupId), ...joined])) {
    if (members.remembered(groupId)?.items.includes(accountId)) members.drop(groupId);
  }
  store.of(memberOf).drop(accountId);
  store.of(directoryPeople).drop(onlyOne);
}
