import type { Gap } from "../domain/Complete.js";
import type { AccountId, GroupId } from "../domain/ids.js";
import { SiteError } from "../domain/SiteError.js";
import { SiteLoaders } from "../loaders/engine/SiteLoaders.js";
import type { SiteStore } from "../loaders/engine/SiteStore.js";
import { groupChildren } from "../loaders/groups.js";
import { groupMembers } from "../loaders/memberships.js";
import { readNestedGroups } from "./readNestedGroups.js";

/**
 * Of whom a group lists, those whose own membership the list does not tell: they are in a group below it as well, and some
 * directories list such people too. Nobody where the lists prove that this directory does not, and nobody of a group without
 * child groups, by what is remembered of those; otherwise read past every cache. Rejects with the failure of any part.
 */
export async function readUndecidedMembers(
  store: SiteStore,
  groupId: GroupId,
  listed: ReadonlySet<AccountId>,
): Promise<ReadonlySet<AccountId>> {
  if (store.site.groups.childrenOf === null) return nobody;
  const children = await store.read(groupChildren, groupId);
  if (children === null || (children.items.length === 0 && children.gaps.length === 0)) return nobody;
  const loaders = new SiteLoaders(store, store.clock.now());
  const { childrenOf, gaps } = await readNestedGroups(loaders, [groupId]);
  requireWhole(groupId, gaps);
  const members = new Map([[groupId, listed]]);
  const below = [...childrenOf.keys()].filter((id) => id !== groupId);
  const lists = await loaders.of(groupMembers).getMany(below);
  below.forEach((id, index) => {
    const list = lists[index] ?? null;
    if (list instanceof Error) throw list;
    if (list === null) return;
    requireWhole(groupId, list.gaps);
    members.set(id, new Set(list.items));
  });
  for (const [parentId, childIds] of childrenOf) {
    const parent = members.get(parentId);
    // A list that followed child groups would name everyone whom theirs name.
    const isExact = parent && childIds.some((childId) => holdsOthers(members.get(childId) ?? nobody, parent));
    if (isExact) return nobody;
  }
  return new Set(below.flatMap((id) => [...(members.get(id) ?? nobody)]));
}

function requireWhole(groupId: GroupId, [gap]: readonly Gap[]): void {
  if (gap === undefined) return;
  const message = `Who is in the groups below group ${groupId} is not known. ${gap.reason}`;
  throw new SiteError(gap.kind, message, { call: gap.call ?? "", retryAfterMs: gap.retryAfterMs });
}

function holdsOthers(child: ReadonlySet<AccountId>, parent: ReadonlySet<AccountId>): boolean {
  for (const accountId of child) if (!parent.has(accountId)) return true;
  return false;
}

const nobody: ReadonlySet<AccountId> = new Set();
