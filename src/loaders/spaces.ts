import type { Found } from "../confluence/fetchMany.js";
import { pageSizes } from "../confluence/pageSizes.js";
import type { KnownSpaceStatus } from "../confluence/port.js";
import type { Complete } from "../domain/Complete.js";
import type { SpaceId, SpaceKey } from "../domain/ids.js";
import { outcomeOf, SiteError } from "../domain/SiteError.js";
import { isSpaceLeftOut, leavesOutSpaces, type Space } from "../domain/Space.js";
import { compareText, sortedDistinct } from "../domain/textOrder.js";
import { untouched } from "./effects.js";
import { defineListLoader, defineLoader } from "./engine/LoaderDeclaration.js";
import type { SiteStore } from "./engine/SiteStore.js";
import { heapEstimates } from "./limits.js";

/** A space by its id, whatever its status; not there when the configuration leaves it out. */
export const space = defineLoader<SpaceId, Space>({
  name: "space",
  upstream: { bulk: pageSizes.spacesByIds },
  lifetime: "spaces",
  touchedBy: untouched,
  fetch: async (reader, ids) => onlyShown(reader, await reader.site.spaces.byIds(ids)),
  sizeOf: () => heapEstimates.space,
});

/** A space by its key, whatever its status; not there when the configuration leaves it out. */
export const spaceByKey = defineLoader<SpaceKey, Space>({
  name: "spaceByKey",
  upstream: { bulk: pageSizes.spacesByIds },
  lifetime: "spaces",
  touchedBy: untouched,
  fetch: async (reader, keys) => onlyShown(reader, await reader.site.spaces.byKeys(keys)),
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
    statuses.forEach((status, index) => {
      const list = lists[index];
      if (list === undefined) return;
      if (list instanceof Error) {
        if (!(list instanceof SiteError)) throw list;
        found.set(status, list);
        return;
      }
      const items = shownOf(reader, list.items);
      for (const item of items) {
        reader.prime(space, item.spaceId, item, list.asOfMs);
        reader.prime(spaceByKey, item.key, item, list.asOfMs);
      }
      found.set(status, { ...list, items: sortedDistinct(items, byKey) });
    });
    return found;
  },
  bytesPerItem: heapEstimates.space,
});

function byKey(left: Space, right: Space): number {
  return compareText(left.key, right.key) || compareText(left.spaceId, right.spaceId);
}

type Reads = { readonly site: Pick<SiteStore["site"], "leftOut"> };

/** What was found, without the spaces that the configuration leaves out: as if they were not there. */
function onlyShown<K>({ site }: Reads, found: Found<K, Space>): Found<K, Space> {
  if (!leavesOutSpaces(site.leftOut)) return found;
  const isShown = (outcome: Space | SiteError) =>
    outcome instanceof SiteError || !isSpaceLeftOut(outcome, site.leftOut);
  return new Map([...found].filter(([, outcome]) => isShown(outcome)));
}

/** The spaces of a list that are shown. */
function shownOf({ site }: Reads, spaces: readonly Space[]): readonly Space[] {
  return leavesOutSpaces(site.leftOut) ? spaces.filter((space) => !isSpaceLeftOut(space, site.leftOut)) : spaces;
}
