import type { Found } from "../confluence/Found.js";
import type { Complete } from "../domain/Complete.js";
import type { Group } from "../domain/Group.js";
import type { GroupId } from "../domain/ids.js";
import { SiteError } from "../domain/SiteError.js";
import { compareCodePoints } from "../domain/textOrder.js";
import type { FetchReader } from "./FetchReader.js";
import { group } from "./group.js";
import { orderOnce } from "./orderOnce.js";

/** The ids of lists of groups, ordered; the rows are whole groups, and answer for each group by its id. */
export function primeGroups<K extends string>(
  reader: FetchReader<K>,
  lists: Found<K, Complete<Group>>,
): Found<K, Complete<GroupId>> {
  const found = new Map<K, Complete<GroupId> | SiteError>();
  for (const [key, outcome] of lists) {
    if (outcome instanceof SiteError) {
      found.set(key, outcome);
      continue;
    }
    for (const item of outcome.items) reader.prime(group, item.groupId, item, outcome.asOfMs);
    const groupIds = outcome.items.map((item) => item.groupId);
    found.set(key, { ...outcome, items: orderOnce(groupIds, compareCodePoints) });
  }
  return found;
}
