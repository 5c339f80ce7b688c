import type { Complete } from "../domain/Complete.js";
import { compareCodePoints } from "../domain/compareCodePoints.js";
import type { AccountId, GroupId } from "../domain/ids.js";
import { SiteError } from "../domain/SiteError.js";
import type { SiteLoaders } from "../loaders/SiteLoaders.js";
import { ReadingParts } from "./ReadingParts.js";
import { readGroupMembers } from "./readGroupMembers.js";
import { readNestedGroups } from "./readNestedGroups.js";

/** A member of a group, by itself or through child groups. */
export interface NestedMember {
  readonly accountId: AccountId;
  /** From the group that holds the account directly up to the group asked for; that one alone for a direct member. */
  readonly path: readonly GroupId[];
}

/**
 * Everyone whom a group reaches, ordered by account id, each with the shortest chain of groups that brings them in (of
 * equally short ones the first by group ids). `null` for a group that is not there.
 */
export async function readNestedMembers(loaders: SiteLoaders, root: GroupId): Promise<Complete<NestedMember> | null> {
  const nested = await readNestedGroups(loaders, [root]);
  const paths = shortestPaths(root, nested.childrenOf);
  const groupIds = [...paths.keys()];
  const lists = await readGroupMembers(loaders, groupIds);
  if (lists[0] === null) return null;
  if (lists[0] instanceof SiteError && groupIds.length === 1) throw lists[0];
  const parts = new ReadingParts<NestedMember>(nested.asOfMs);
  groupIds.forEach((groupId, index) => {
    const list = lists[index] ?? null;
    const path = paths.get(groupId) ?? [root];
    parts.add(
      `members of group ${groupId}`,
      list === null || list instanceof Error
        ? list
        : { ...list, items: list.items.map((accountId) => ({ accountId, path })) },
    );
  });
  const read = parts.finish();
  const first = new Map<AccountId, NestedMember>();
  for (const member of read.items) if (!first.has(member.accountId)) first.set(member.accountId, member);
  return {
    ...read,
    items: [...first.values()].sort((left, right) => compareCodePoints(left.accountId, right.accountId)),
    gaps: [...nested.gaps.values()].flat().concat(read.gaps),
  };
}

/** Breadth first, so that the first path found to a group is the shortest; a Map visits what is added while it is walked. */
function shortestPaths(
  root: GroupId,
  childrenOf: ReadonlyMap<GroupId, readonly GroupId[]>,
): Map<GroupId, readonly GroupId[]> {
  const paths = new Map<GroupId, readonly GroupId[]>([[root, [root]]]);
  for (const [groupId, path] of paths) {
    for (const child of childrenOf.get(groupId) ?? []) {
      if (!paths.has(child)) paths.set(child, [child, ...path]);
    }
  }
  return paths;
}
