import type { Complete, Gap } from "../domain/Complete.js";
import type { AccountId, GroupId } from "../domain/ids.js";
import { compareCodePoints } from "../domain/textOrder.js";
import type { SiteLoaders } from "../loaders/engine/SiteLoaders.js";
import { groupChildren } from "../loaders/groups.js";
import { ReadingParts } from "./ReadingParts.js";
import { readGroupMembers } from "./readGroupMembers.js";

/** The groups below some groups: the groups met, the ones it began with included. */
export interface NestedGroups extends Complete<GroupId> {
  /** The direct child groups of each group met, in order of id. */
  readonly childrenOf: ReadonlyMap<GroupId, readonly GroupId[]>;
  /** The groups whose child groups were not read whole, and why. */
  readonly gapsOf: ReadonlyMap<GroupId, readonly Gap[]>;
}

/**
 * Walks from groups down to their child groups, a storey at a time, each group once: a cycle ends. One batch a storey; no call
 * where the site does not nest groups.
 */
export async function readNestedGroups(loaders: SiteLoaders, roots: readonly GroupId[]): Promise<NestedGroups> {
  const childrenOf = new Map<GroupId, readonly GroupId[]>();
  const gapsOf = new Map<GroupId, readonly Gap[]>();
  const all = new ReadingParts(loaders.store.clock.now());
  const isNesting = loaders.store.site.groups.childrenOf !== null;
  for (let storey = isNesting ? [...new Set(roots)] : []; storey.length > 0; ) {
    const lists = await loaders.of(groupChildren).getMany(storey);
    const below = new Set<GroupId>();
    storey.forEach((groupId, index) => {
      const part = new ReadingParts(loaders.store.clock.now());
      const children = part.take(`groups in group ${groupId}`, lists[index]);
      all.rest(part.trust);
      if (part.trust.gaps.length > 0) gapsOf.set(groupId, part.trust.gaps);
      childrenOf.set(groupId, children);
      for (const child of children) below.add(child);
    });
    storey = [...below].filter((groupId) => !childrenOf.has(groupId));
  }
  return { ...all.finish([...childrenOf.keys()]), childrenOf, gapsOf };
}

/** A member of a group, by itself or through child groups. */
export interface NestedMember {
  readonly accountId: AccountId;
  /** From the group that holds the account directly up to the group asked for; that one alone for a direct member. */
  readonly path: readonly GroupId[];
}

/**
 * Everyone whom a group reaches, ordered by account id, each with the shortest chain of groups that brings them in (of
 * equally short ones the first by group ids). Rejects when nothing of it could be read.
 */
export async function readNestedMembers(loaders: SiteLoaders, root: GroupId): Promise<Complete<NestedMember>> {
  const nested = await readNestedGroups(loaders, [root]);
  const paths = shortestPaths(root, nested.childrenOf);
  const lists = await readGroupMembers(loaders, [...paths.keys()]);
  const parts = new ReadingParts(loaders.store.clock.now());
  const first = new Map<AccountId, NestedMember>();
  for (const [index, [groupId, path]] of [...paths].entries()) {
    for (const accountId of parts.take(`members of group ${groupId}`, lists[index])) {
      if (!first.has(accountId)) first.set(accountId, { accountId, path });
    }
  }
  const members = [...first.values()].sort((left, right) => compareCodePoints(left.accountId, right.accountId));
  // What could not be read of the groups below is no reason to reject; that no list of members was, is one.
  const read = parts.finish(members);
  parts.rest(nested);
  return { ...read, ...parts.trust };
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
