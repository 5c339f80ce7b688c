import type { Found } from "../confluence/Found.js";
import type { Group } from "../domain/Group.js";
import type { GroupId } from "../domain/ids.js";
import type { SiteError } from "../domain/SiteError.js";
import type { FetchReader } from "./FetchReader.js";
import { groupList } from "./groupList.js";
import { heapEstimates } from "./heapEstimates.js";
import { defineLoader } from "./LoaderDeclaration.js";
import { onlyOne } from "./onlyOne.js";

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
  fetch: fetchGroups,
  sizeOf: () => heapEstimates.group,
});

async function fetchGroups(reader: FetchReader<GroupId>, ids: readonly GroupId[]): Promise<Found<GroupId, Group>> {
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
