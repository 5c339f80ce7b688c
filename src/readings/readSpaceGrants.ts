import type { Complete } from "../domain/Complete.js";
import { type Grant, principalOf } from "../domain/Grant.js";
import type { SpaceId } from "../domain/ids.js";
import { type Principal, principalKey } from "../domain/Principal.js";
import { compareCodePoints } from "../domain/textOrder.js";
import type { SiteLoaders } from "../loaders/engine/SiteLoaders.js";
import { spaceGrants } from "../loaders/grants.js";
import { ReadingParts } from "./ReadingParts.js";
import { allSpaceStatuses, readSpaces } from "./readSpaces.js";

/** What some spaces grant. A space that cannot be read, or is not shown, is a gap; the others are whole. */
export async function readSpaceGrants(loaders: SiteLoaders, spaceIds: readonly SpaceId[]): Promise<Complete<Grant>> {
  const parts = new ReadingParts(loaders.store.clock.now());
  return parts.finish(await takeGrants(parts, loaders, spaceIds));
}

/** What every space of the site grants, whatever its status; read once a request. */
export function readAllSpaceGrants(loaders: SiteLoaders): Promise<Complete<Grant>> {
  return loaders.once("allSpaceGrants", async () => {
    const spaces = await readSpaces(loaders, allSpaceStatuses);
    const parts = new ReadingParts(loaders.store.clock.now());
    const ids = parts.take("spaces", spaces).map((space) => space.spaceId);
    return parts.finish(await takeGrants(parts, loaders, ids.sort(compareCodePoints)));
  });
}

/** What every space of the site grants to one principal. */
export async function readSpaceGrantsOfPrincipal(loaders: SiteLoaders, principal: Principal): Promise<Complete<Grant>> {
  const all = await readAllSpaceGrants(loaders);
  const index = loaders.once("spaceGrantsByPrincipal", () => indexByPrincipal(all.items));
  return { ...all, items: index.get(principalKey(principal)) ?? [] };
}

async function takeGrants(parts: ReadingParts, loaders: SiteLoaders, spaceIds: readonly SpaceId[]): Promise<Grant[]> {
  const lists = await loaders.of(spaceGrants).getMany(spaceIds);
  return spaceIds.flatMap((spaceId, index) => parts.take(`what space ${spaceId} grants`, lists[index]));
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
