import { globalGrantKey, type SiteWideGrant } from "../domain/Grant.js";
import { SiteError } from "../domain/SiteError.js";
import { compareCodePoints } from "../domain/textOrder.js";
import { touchedOnlyOne } from "./effects/touches.js";
import { heapEstimates } from "./heapEstimates.js";
import { defineListLoader } from "./LoaderDeclaration.js";
import { type OnlyOne, onlyOne } from "./onlyOne.js";
import { orderOnce } from "./orderOnce.js";

/** The permissions on the site as a whole, ordered by key; absent where the site has none, or its version does not tell. */
export const globalGrants = defineListLoader<OnlyOne, SiteWideGrant>({
  name: "globalGrants",
  upstream: "call-per-key",
  lifetime: "grants",
  // Whether they go with their holder is the site's business.
  touchedBy: (event) => touchedOnlyOne(event, { groupDeleted: true, accountRemoved: true }),
  fetch: async (reader) => {
    const { siteId, globalGrants: read } = reader.site;
    if (read === null) return new Map();
    try {
      const list = await read();
      const items = list.items.map(
        (grant): SiteWideGrant => ({
          ...grant,
          kind: "global",
          siteId,
          key: globalGrantKey(grant),
          asOfMs: list.asOfMs,
        }),
      );
      for (const { operation } of items) reader.seenOperations.note(operation, "GRANT");
      return new Map([
        [onlyOne, { ...list, items: orderOnce(items, (left, right) => compareCodePoints(left.key, right.key)) }],
      ]);
    } catch (error) {
      if (error instanceof SiteError && error.kind === "Unsupported") return new Map();
      throw error;
    }
  },
  bytesPerItem: heapEstimates.grant,
});
