import { groupSpelling } from "../domain/groupSpelling.js";
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

/** Drops what a store remembers of a group that is gone, by each spelling of its id, and of whom it held. Asks nobody. */
export function forgetDeletedGroup(
  store: SiteStore,
  spellings: readonly GroupId[],
  affected: readonly AccountId[],
): void {
  const spell = (groupId: GroupId) => groupSpelling(store.site.deployment, groupId);
  const gone = new Set(spellings.map(spell));
  const listed =
    store
      .of(groupList)
      .remembered(onlyOne)
      ?.items.map(({ groupId }) => groupId) ?? [];
  const each = [...spellings, ...listed.filter((id) => gone.has(spell(id)))];
  const children = each.flatMap((groupId) => store.of(groupChildren).remembered(groupId)?.items ?? []);
  for (const groupId of each) forgetGroup(store, groupId);
  for (const child of children) store.of(groupParents).drop(child);
  for (const accountId of affected) {
    store.of(memberOf).drop(accountId);
    forgetLicence(store, accountId);
  }
  for (const above of groupsAbove(store, spellings)) {
    store.of(groupChildren).drop(above);
    store.of(groupMembers).drop(above);
  }
  store.of(groupList).revise(onlyOne, (list) => ({
    ...list,
    items: list.items.filter(({ groupId }) => !gone.has(spell(groupId))),
  }));
}
