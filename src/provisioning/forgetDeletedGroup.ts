import type { AccountId, GroupId } from "../domain/ids.js";
import { groupChildren } from "../loaders/groupChildren.js";
import { groupList } from "../loaders/groupList.js";
import { groupMembers } from "../loaders/groupMembers.js";
import { groupParents } from "../loaders/groupParents.js";
import { memberOf } from "../loaders/memberOf.js";
import { onlyOne } from "../loaders/onlyOne.js";
import type { SiteStore } from "../loaders/SiteStore.js";
import { forgetGroup } from "./forgetGroup.js";
import { forgetLicence } from "./forgetLicence.js";
import { groupsAbove } from "./groupsAbove.js";

/** Drops what a store remembers of a group that is gone, and of whom it held. Asks nobody. */
export function forgetDeletedGroup(store: SiteStore, gone: GroupId, affected: readonly AccountId[]): void {
  const children = store.of(groupChildren).remembered(gone)?.items ?? [];
  forgetGroup(store, gone);
  for (const child of children) store.of(groupParents).drop(child);
  for (const accountId of affected) {
    store.of(memberOf).drop(accountId);
    forgetLicence(store, accountId);
  }
  for (const above of groupsAbove(store, [gone])) {
    store.of(groupChildren).drop(above);
    store.of(groupMembers).drop(above);
  }
  store.of(groupList).revise(onlyOne, (list) => ({
    ...list,
    items: list.items.filter(({ groupId }) => groupId !== gone),
  }));
}
