import type { Found } from "../confluence/fetchMany.js";
import { batchSizes } from "../confluence/limits.js";
import type { KnownSpaceStatus } from "../confluence/port.js";
import type { Complete } from "../domain/Complete.js";
import type { SpaceId, SpaceKey } from "../domain/ids.js";
import { orSiteError, outcomeOf, SiteError } from "../domain/SiteError.js";
import { isSpaceLeftOut, type LeftOut, leavesOutSpaces, type Space } from "../domain/Space.js";
import { compareText, sortedDistinct } from "../domain/textOrder.js";
import { untouched } from "./effects.js";
import { defineListLoader, defineLoader, type ValueReader } from "./engine/LoaderDeclaration.js";
import { heapEstimates, rowsOfPriming } from "./limits.js";

/** A space by its id, whatever its status; not there when the configuration leaves it out. */
export const space = defineLoader<SpaceId, Space>({
  name: "space",
  upstream: { bulk: batchSizes.spaces },
  lifetime: "spaces",
  touchedBy: untouched,
  fetch: async (reader, ids) => onlyShown(await reader.site.spaces.byIds(ids), reader.site.leftOut),
  sizeOf: () => heapEstimates.space,
});

/** A space by its key, whatever its status; not there when the configuration leaves it out. What it reads also answers by id. */
export const spaceByKey = defineLoader<SpaceKey, Space>({
  name: "spaceByKey",
  upstream: { bulk: batchSizes.spaces },
  lifetime: "spaces",
  touchedBy: untouched,
  fetch: async (reader, keys) => {
    const readAtMs = reader.clock.now();
    const found = onlyShown(await reader.site.spaces.byKeys(keys), reader.site.leftOut);
    for (const outcome of found.values()) {
      if (!(outcome instanceof SiteError)) reader.prime(space, outcome.spaceId, outcome, readAtMs);
    }
    return found;
  },
  sizeOf: () => heapEstimates.space,
});

/** The spaces of one status, ordered by key. What it reads also answers for each space by its id and key. */
export const spaceList = defineListLoader<KnownSpaceStatus, Space>({
  name: "spaceList",
  upstream: "call-per-key",
  lifetime: "spaces",
  touchedBy: untouched,
  fetch: async (reader, statuses) => {
    const lists = await Promise.all(statuses.map((status) => outcomeOf(reader.site.spaces.list(status))));
    const found = new Map<KnownSpaceStatus, Complete<Space> | SiteError>();
    for (const [index, status] of statuses.entries()) {
      const list = orSiteError(lists[index]);
      if (list instanceof SiteError) found.set(status, list);
      if (list === undefined || list instanceof SiteError) continue;
      const items = shownIn(list.items, reader.site.leftOut);
      await tellSpaces(reader, { ...list, items });
      found.set(status, { ...list, items: sortedDistinct(items, bySpaceKey) });
    }
    return found;
  },
  tells: tellSpaces,
  bytesPerItem: heapEstimates.space,
});

async function tellSpaces(reader: ValueReader, { items, asOfMs }: Complete<Space>): Promise<void> {
  for (const item of items) {
    reader.prime(space, item.spaceId, item, asOfMs);
    reader.prime(spaceByKey, item.key, item, asOfMs);
    const turn = reader.giveWay(rowsOfPriming);
    if (turn !== null) await turn;
  }
}

/** The order of lists of spaces: by key, then id. */
export function bySpaceKey(left: Space, right: Space): number {
  return compareText(left.key, right.key) || compareText(left.spaceId, right.spaceId);
}

/** What was found, without the spaces that the configuration leaves out: as if they were not there. */
function onlyShown<K>(found: Found<K, Space>, leftOut: LeftOut): Found<K, Space> {
  if (!leavesOutSpaces(leftOut)) return found;
  return new Map([...found].filter(([, outcome]) => outcome instanceof SiteError || !isSpaceLeftOut(outcome, leftOut)));
}

/** The spaces of a list that are shown. */
function shownIn(spaces: readonly Space[], leftOut: LeftOut): readonly Space[] {
  return leavesOutSpaces(leftOut) ? spaces.filter((each) => !isSpaceLeftOut(each, leftOut)) : spaces;
}
