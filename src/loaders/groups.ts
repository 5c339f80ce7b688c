import type { Touched } from "../cache/Reading.js";
import type { Found } from "../confluence/fetchMany.js";
import type { ChangeEvent } from "../domain/Change.js";
import { type Complete, knownEmpty } from "../domain/Complete.js";
import type { GroupId } from "../domain/ids.js";
import type { Group } from "../domain/Principal.js";
import { SiteError } from "../domain/SiteError.js";
import { compareText, sortedDistinct } from "../domain/textOrder.js";
import { touchedOnlyOne } from "./effects.js";
import {
  defineListLoader,
  defineLoader,
  type FetchReader,
  type OnlyOne,
  onlyOne,
  type ValueReader,
} from "./engine/LoaderDeclaration.js";
import { heapEstimates, rowsOfPriming } from "./limits.js";

/**
 * A group by its id. Confluence has no many-by-id call for groups, so more than one id is answered from the group list,
 * and one alone by its own call where no list is at hand. A group that a whole list does not have is absent for as long
 * as a miss is believed; after that it is asked for by id, because it may be newer than the list.
 */
export const group = defineLoader<GroupId, Group>({
  name: "group",
  upstream: "call-per-key",
  lifetime: "groups",
  touchedBy: (event) => {
    if (event.kind === "groupDeleted") return [event.groupId];
    return event.kind === "groupCreated" && event.groupId !== null ? [event.groupId] : [];
  },
  fetch: readGroups,
  sizeOf: () => heapEstimates.group,
});

async function readGroups(reader: FetchReader<GroupId>, ids: readonly GroupId[]): Promise<Found<GroupId, Group>> {
  if (ids.length === 1 && !reader.isAtHand(groupList, onlyOne)) return reader.site.groups.byIds(ids);

  const listed = await reader.answerFrom(groupList, onlyOne, (list) => {
    const byId = new Map<GroupId, Group>(list.items.map((item) => [item.groupId, item]));
    const provesAbsence = list.gaps.length === 0 && reader.clock.now() - list.asOfMs <= reader.lifetimes.misses;
    const answers = new Map<GroupId, Group | null>();
    for (const id of ids) {
      const item = byId.get(id);
      if (item !== undefined) answers.set(id, item);
      else if (provesAbsence) answers.set(id, null);
    }
    return answers;
  });
  const found = new Map<GroupId, Group | SiteError>();
  for (const [id, item] of listed) if (item !== null) found.set(id, item);
  const unlisted = ids.filter((id) => !listed.has(id));
  if (unlisted.length > 0) {
    for (const [id, outcome] of await reader.site.groups.byIds(unlisted)) found.set(id, outcome);
  }
  return found;
}

/** Every group of the site, ordered by name, then id. What it reads also answers for each group by its id. */
export const groupList = defineListLoader<OnlyOne, Group>({
  name: "groupList",
  upstream: "call-per-key",
  lifetime: "groups",
  touchedBy: (event) => {
    if (event.kind === "groupCreated") return [onlyOne];
    if (event.kind !== "groupDeleted") return [];
    // A call may have been refused.
    if (!event.isSeen) return [onlyOne];
    const gone = event.groupId;
    return {
      revise: onlyOne,
      to: (list) => ({ ...list, items: list.items.filter(({ groupId }) => groupId !== gone) }),
    };
  },
  fetch: async (reader) => {
    const list = await reader.site.groups.list();
    await tellGroups(reader, list);
    const items = sortedDistinct(
      list.items,
      (left, right) => compareText(left.name, right.name) || compareText(left.groupId, right.groupId),
    );
    return new Map([[onlyOne, { ...list, items }]]);
  },
  tells: tellGroups,
  bytesPerItem: heapEstimates.group,
});

async function tellGroups(reader: ValueReader, { items, asOfMs }: Complete<Group>): Promise<void> {
  for (const item of items) {
    reader.prime(group, item.groupId, item, asOfMs);
    const turn = reader.giveWay(rowsOfPriming);
    if (turn !== null) await turn;
  }
}

/** The groups whose members administer Confluence: whom the class `all-product-admins` stands for. Absent where permissions say that. */
export const adminGroups = defineListLoader<OnlyOne, GroupId>({
  name: "adminGroups",
  upstream: "call-per-key",
  lifetime: "groups",
  // A group may administer by its name alone.
  touchedBy: (event) => touchedOnlyOne(event, { groupCreated: true, groupDeleted: true }),
  fetch: async (reader) => {
    const { admins } = reader.site.groups;
    return admins === null ? new Map() : new Map([[onlyOne, await admins()]]);
  },
  bytesPerItem: heapEstimates.id,
});

/** The groups whose members administer the site itself. Asked where that decides who may change something, and for no answer about spaces. */
export const siteAdminGroups = defineListLoader<OnlyOne, GroupId>({
  name: "siteAdminGroups",
  upstream: "call-per-key",
  lifetime: "groups",
  touchedBy: (event) => touchedOnlyOne(event, { groupCreated: true, groupDeleted: true }),
  fetch: async (reader) => {
    const { siteAdmins } = reader.site.groups;
    return siteAdmins === null ? new Map() : new Map([[onlyOne, await siteAdmins()]]);
  },
  bytesPerItem: heapEstimates.id,
});

/** The groups that are direct members of a group, ordered by id. None where groups hold accounts only. */
export const groupChildren = defineListLoader<GroupId, GroupId>({
  name: "groupChildren",
  upstream: "call-per-key",
  lifetime: "memberships",
  touchedBy: touchedNesting,
  fetch: async (reader, ids) => {
    const { childrenOf } = reader.site.groups;
    const asOfMs = reader.clock.now();
    if (childrenOf === null) return new Map(ids.map((id) => [id, knownEmpty(asOfMs)]));
    return primeGroups(reader, await childrenOf(ids));
  },
  bytesPerItem: heapEstimates.id,
});

/** The groups that a group is a direct member of, ordered by id; fails with `Unsupported` where the site cannot be asked so. */
export const groupParents = defineListLoader<GroupId, GroupId>({
  name: "groupParents",
  upstream: "call-per-key",
  lifetime: "memberships",
  touchedBy: touchedNesting,
  fetch: async (reader, ids) => primeGroups(reader, (await reader.site.groups.parentsOf?.(ids)) ?? new Map()),
  bytesPerItem: heapEstimates.id,
});

/** A group that is new has been asked for before it was there; one that is gone holds none, and is in none. */
function touchedNesting(event: ChangeEvent): Touched<GroupId, Complete<GroupId>> {
  if (event.kind === "groupCreated") return event.groupId === null ? [] : [event.groupId];
  if (event.kind !== "groupDeleted") return [];
  const gone = event.groupId;
  return { where: ({ items }, id) => id === gone || items.includes(gone) };
}

/** The ids of lists of groups, ordered; the rows are whole groups, and answer for each group by its id. */
export async function primeGroups<K extends string>(
  reader: FetchReader<K>,
  lists: Found<K, Complete<Group>>,
): Promise<Found<K, Complete<GroupId>>> {
  const found = new Map<K, Complete<GroupId> | SiteError>();
  for (const [key, outcome] of lists) {
    if (outcome instanceof SiteError) {
      found.set(key, outcome);
      continue;
    }
    await tellGroups(reader, outcome);
    const groupIds = outcome.items.map((item) => item.groupId);
    found.set(key, { ...outcome, items: sortedDistinct(groupIds, compareText) });
  }
  return found;
}
