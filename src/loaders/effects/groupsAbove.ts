import type { GroupId } from "../../domain/ids.js";
import { groupChildren } from "../groupChildren.js";
import { groupList } from "../groupList.js";
import type { Remembered } from "../LoaderDeclaration.js";
import { onlyOne } from "../onlyOne.js";

/**
 * The groups that hold a group, directly or through others, by what is remembered of nesting: only what is remembered can be
 * out of date. Asks nobody. `null` where the groups themselves are not remembered, so that nobody can say.
 */
export function groupsAbove(known: Remembered, groupId: GroupId): ReadonlySet<GroupId> | null {
  const above = new Set<GroupId>();
  if (known.site.groups.childrenOf === null) return above;
  const parentsOf = parentsIn(known);
  if (parentsOf === null) return null;
  const waiting = [groupId];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const parent of parentsOf.get(next) ?? []) {
      if (above.has(parent)) continue;
      above.add(parent);
      waiting.push(parent);
    }
  }
  return above;
}

type Parents = ReadonlyMap<GroupId, readonly GroupId[]>;

/** Turned round once for many changes: it is the same until more is remembered. What was forgotten since does no harm. */
const turnedRound = new WeakMap<Remembered, { readonly stamp: string; readonly parentsOf: Parents }>();

function parentsIn(known: Remembered): Parents | null {
  const groups = known.remembered(groupList, onlyOne);
  if (groups === null || groups === undefined) return null;
  const stamp = `${known.versionOf(groupList)} ${known.versionOf(groupChildren)}`;
  const before = turnedRound.get(known);
  if (before?.stamp === stamp) return before.parentsOf;
  const parentsOf = new Map<GroupId, GroupId[]>();
  for (const { groupId: parent } of groups.items) {
    for (const child of known.remembered(groupChildren, parent)?.items ?? []) {
      const parents = parentsOf.get(child);
      if (parents === undefined) parentsOf.set(child, [parent]);
      else parents.push(parent);
    }
  }
  turnedRound.set(known, { stamp, parentsOf });
  return parentsOf;
}
