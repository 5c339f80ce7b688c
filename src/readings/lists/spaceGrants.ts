import type { StoredSpaceGrant } from "../../domain/Grant.js";
import type { SpaceId } from "../../domain/ids.js";
import { compareText } from "../../domain/textOrder.js";
import { KeptParts, valueIn } from "../../loaders/engine/KeptParts.js";
import { LastMade } from "../../loaders/engine/KeptThings.js";
import type { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import { spaceGrants } from "../../loaders/grants.js";
import { ReadingParts } from "../ReadingParts.js";
import { allSpaceStatuses, readSpaces } from "../spaces.js";
import type { PartedReading } from "./Sequence.js";

/**
 * What every space of the site grants, whatever its status, a part a space in the order of their ids, which is that of the keys of
 * their grants; read once a request, and the very same as in the request before where nothing changed.
 */
export function readAllSpaceGrants(loaders: SiteLoaders): Promise<PartedReading<StoredSpaceGrant>> {
  return loaders.once("allSpaceGrants", async () => {
    const kept = loaders.store.kept.of("allSpaceGrants", () => new KeptSpaceGrants());
    const spaces = await readSpaces(loaders, allSpaceStatuses);
    const ids = kept.ids.get([spaces.items], () => spaces.items.map(({ spaceId }) => spaceId).sort(compareText));
    const grants = await kept.parts.read(loaders, ids);
    return kept.list.get([spaces, grants], () => {
      const parts = new ReadingParts(loaders.store.clock.now());
      parts.restOn(spaces);
      const lists = grants.map((grant, index) => parts.take(`what space ${ids[index]} grants`, valueIn(grant)));
      return { ...parts.trust, parts: lists };
    });
  });
}

class KeptSpaceGrants {
  readonly ids = new LastMade<readonly SpaceId[]>();
  readonly parts = new KeptParts(spaceGrants);
  readonly list = new LastMade<PartedReading<StoredSpaceGrant>>();
}
