import type { Gap } from "../domain/Gap.js";
import { gapFromError } from "../domain/gapFromError.js";
import type { GroupId } from "../domain/ids.js";
import { SiteError } from "../domain/SiteError.js";
import { groupChildren } from "../loaders/groupChildren.js";
import type { SiteLoaders } from "../loaders/SiteLoaders.js";

/** The groups below some groups. */
export interface NestedGroups {
  /** The direct child groups of each group met, the ones it began with included; in order of id. */
  readonly childrenOf: ReadonlyMap<GroupId, readonly GroupId[]>;
  /** The groups whose child groups were not read whole, and why. */
  readonly gaps: ReadonlyMap<GroupId, readonly Gap[]>;
  /** When the oldest part was read, in milliseconds since the epoch. */
  readonly asOfMs: number;
}

/**
 * Walks from groups down to their child groups, a storey at a time, each group once: a cycle ends. One batch a storey; no call
 * where the site does not nest groups.
 */
export async function readNestedGroups(loaders: SiteLoaders, roots: readonly GroupId[]): Promise<NestedGroups> {
  const childrenOf = new Map<GroupId, readonly GroupId[]>();
  const gaps = new Map<GroupId, readonly Gap[]>();
  let asOfMs = loaders.store.clock.now();
  if (loaders.store.site.groups.childrenOf === null) return { childrenOf, gaps, asOfMs };
  for (let storey = [...new Set(roots)]; storey.length > 0; ) {
    const lists = await loaders.of(groupChildren).getMany(storey);
    const below = new Set<GroupId>();
    storey.forEach((groupId, index) => {
      const list = lists[index] ?? null;
      if (list instanceof Error) {
        if (!(list instanceof SiteError)) throw list;
        gaps.set(groupId, [gapFromError(`groups in group ${groupId}`, list)]);
      } else if (list !== null && list.gaps.length > 0) gaps.set(groupId, list.gaps);
      const children = list === null || list instanceof Error ? [] : list.items;
      if (list !== null && !(list instanceof Error)) asOfMs = Math.min(asOfMs, list.asOfMs);
      childrenOf.set(groupId, children);
      for (const child of children) below.add(child);
    });
    storey = [...below].filter((groupId) => !childrenOf.has(groupId));
  }
  return { childrenOf, gaps, asOfMs };
}
