import type { GroupId } from "../domain/ids.js";
import { groupChildren } from "../loaders/groupChildren.js";
import { groupList } from "../loaders/groupList.js";
import { onlyOne } from "../loaders/onlyOne.js";
import type { SiteStore } from "../loaders/SiteStore.js";

/**
 * The groups that hold any of some groups, directly or through others, by what a store remembers of nesting: only what is
 * remembered can be out of date. Asks nobody. Looks through all groups, so ask once for many.
 */
export function groupsAbove(store: SiteStore, groupIds: readonly GroupId[]): ReadonlySet<GroupId> {
  const above = new Set<GroupId>();
  if (store.site.groups.childrenOf === null) return above;
  const parentsOf = new Map<GroupId, GroupId[]>();
  const children = store.of(groupChildren);
  for (const { groupId } of store.of(groupList).remembered(onlyOne)?.items ?? []) {
    for (const child of children.remembered(groupId)?.items ?? []) {
      parentsOf.set(child, [...(parentsOf.get(child) ?? []), groupId]);
    }
  }
  const waiting = [...groupIds];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const parent of parentsOf.get(next) ?? []) {
      if (above.has(parent)) continue;
      above.add(parent);
      waiting.push(parent);
    }
  }
  return above;
}
