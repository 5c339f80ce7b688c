import type { GroupId } from "../domain/ids.js";
import { group } from "../loaders/group.js";
import { groupChildren } from "../loaders/groupChildren.js";
import { groupMembers } from "../loaders/groupMembers.js";
import { groupParents } from "../loaders/groupParents.js";
import type { SiteStore } from "../loaders/SiteStore.js";

/** Drops what a store remembers of one group: its facts, its members, the groups in it. */
export function forgetGroup(store: SiteStore, groupId: GroupId): void {
  store.of(group).drop(groupId);
  store.of(groupMembers).drop(groupId);
  store.of(groupChildren).drop(groupId);
  store.of(groupParents).drop(groupId);
}
