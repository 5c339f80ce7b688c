import type { Complete } from "../domain/Complete.js";
import { compareCodePoints } from "../domain/compareCodePoints.js";
import type { Grant } from "../domain/Grant.js";
import type { SpaceId } from "../domain/ids.js";
import type { Principal } from "../domain/Principal.js";
import { principalKey } from "../domain/principalKey.js";
import { principalOf } from "../domain/principalOf.js";
import type { SiteLoaders } from "../loaders/SiteLoaders.js";
import { spaceGrants } from "../loaders/spaceGrants.js";
import { ReadingParts } from "./ReadingParts.js";
import { allSpaceStatuses, readSpaces } from "./readSpaces.js";

/** What some spaces grant. A space that cannot be read is a gap; the others are whole. */
export async function readSpaceGrants(loaders: SiteLoaders, spaceIds: readonly SpaceId[]): Promise<Complete<Grant>> {
  const parts = new ReadingParts<Grant>(loaders.store.clock.now());
  const lists = await loaders.of(spaceGrants).getMany(spaceIds);
  spaceIds.forEach((spaceId, index) => {
    parts.add(`what space ${spaceId} grants`, lists[index] ?? null);
  });
  return parts.finish();
}

/** What every space of the site grants, whatever its status; read once a request. */
export function readAllSpaceGrants(loaders: SiteLoaders): Promise<Complete<Grant>> {
  return loaders.once("allSpaceGrants", async () => {
    const spaces = await readSpaces(loaders, allSpaceStatuses);
    const ids = spaces.items.map((space) => space.spaceId).sort(compareCodePoints);
    const grants = await readSpaceGrants(loaders, ids);
    return { ...grants, gaps: [...spaces.gaps, ...grants.gaps] };
  });
}

/** What every space of the site grants to one principal. */
export async function readSpaceGrantsOfPrincipal(loaders: SiteLoaders, principal: Principal): Promise<Complete<Grant>> {
  const all = await readAllSpaceGrants(loaders);
  const index = loaders.once("spaceGrantsByPrincipal", () => indexByPrincipal(all.items));
  return { ...all, items: index.get(principalKey(principal)) ?? [] };
}

function indexByPrincipal(grants: readonly Grant[]): Map<string, Grant[]> {
  const index = new Map<string, Grant[]>();
  for (const grant of grants) {
    const key = principalKey(principalOf(grant));
    const held = index.get(key);
    if (held === undefined) index.set(key, [grant]);
    else held.push(grant);
  }
  return index;
}
