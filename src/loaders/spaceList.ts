import type { KnownSpaceStatus } from "../confluence/port.js";
import type { Complete } from "../domain/Complete.js";
import { SiteError } from "../domain/SiteError.js";
import type { Space } from "../domain/Space.js";
import { compareCodePoints } from "../domain/textOrder.js";
import { untouched } from "./effects/touches.js";
import { heapEstimates } from "./heapEstimates.js";
import { defineListLoader } from "./LoaderDeclaration.js";
import { orderOnce } from "./orderOnce.js";
import { settle } from "./settle.js";
import { shownOf } from "./shownSpaces.js";
import { space } from "./space.js";
import { spaceByKey } from "./spaceByKey.js";

/** The spaces of one status, ordered by key. What it reads also answers for each space by its id and key. */
export const spaceList = defineListLoader<KnownSpaceStatus, Space>({
  name: "spaceList",
  upstream: "call-per-key",
  lifetime: "spaces",
  touchedBy: untouched,
  fetch: async (reader, statuses) => {
    const lists = await Promise.all(statuses.map((status) => settle(reader.site.spaces.list(status))));
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
      found.set(status, { ...list, items: orderOnce(items, byKey) });
    });
    return found;
  },
  bytesPerItem: heapEstimates.space,
});

function byKey(left: Space, right: Space): number {
  return compareCodePoints(left.key, right.key) || compareCodePoints(left.spaceId, right.spaceId);
}
