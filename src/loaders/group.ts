import type { Found } from "../confluence/Found.js";
import type { Group } from "../domain/Group.js";
import { groupSpelling } from "../domain/groupSpelling.js";
import type { GroupId } from "../domain/ids.js";
import type { SiteError } from "../domain/SiteError.js";
import { defineLoader } from "./defineLoader.js";
import { groupList } from "./groupList.js";
import { heapEstimates } from "./heapEstimates.js";
import { onlyOne } from "./onlyOne.js";
import type { SiteStore } from "./SiteStore.js";

/**
 * A group by its id. Confluence has no many-by-id call for groups, so more than one id is answered from the group list,
 * and one alone by its own call where no list is at hand. A group that a whole list does not have is absent for as long
 * as a miss is believed; after that it is asked for by id, because it may be newer than the list.
 *
 * The names that are ids on Data Center compare whatever their case, so what is found may spell its id in another.
 */
export const group = defineLoader<GroupId, Group>({
  name: "group",
  upstream: "call-per-key",
  lifetime: "groups",
  fetch: fetchGroups,
  sizeOf: () => heapEstimates.group,
});

async function fetchGroups(
  store: SiteStore,
  ids: readonly GroupId[],
  notBeforeMs: number,
): Promise<Found<GroupId, Group>> {
  const isListAtHand = store.of(groupList).peek(onlyOne, notBeforeMs) !== undefined;
  if (ids.length === 1 && !isListAtHand) return store.site.groups.byIds(ids);

  const list = await store.read(groupList, onlyOne, notBeforeMs);
  const spell = (groupId: GroupId) => groupSpelling(store.site.deployment, groupId);
  const bySpelling = new Map<string, Group>(list?.items.map((item) => [spell(item.groupId), item]));
  const found = new Map<GroupId, Group | SiteError>();
  for (const id of ids) {
    const item = bySpelling.get(spell(id));
    if (item !== undefined) found.set(id, item);
  }
  const provesAbsence =
    list !== null && list.gaps.length === 0 && store.clock.now() - list.asOfMs <= store.lifetimes.misses;
  const unlisted = provesAbsence ? [] : ids.filter((id) => !found.has(id));
  if (unlisted.length > 0) {
    for (const [id, outcome] of await store.site.groups.byIds(unlisted)) found.set(id, outcome);
  }
  return found;
}
