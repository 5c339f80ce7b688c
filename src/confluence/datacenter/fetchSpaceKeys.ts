import type { SpaceId, SpaceKey } from "../../domain/ids.js";
import { SiteError } from "../../domain/SiteError.js";
import type { Found } from "../Found.js";
import type { DataCenterContext } from "./DataCenterContext.js";
import { fetchUnseenSpaces } from "./fetchUnseenSpaces.js";

/** The keys of spaces, for calls that take nothing else: from memory, or by reading the spaces. */
export async function fetchSpaceKeys(
  context: DataCenterContext,
  ids: readonly SpaceId[],
): Promise<Found<SpaceId, SpaceKey>> {
  const { spaceKeys } = context;
  const unseen = await fetchUnseenSpaces(
    context,
    ids.filter((id) => spaceKeys.keyOf(id) === undefined),
  );
  const found = new Map<SpaceId, SpaceKey | SiteError>();
  for (const id of ids) {
    const space = unseen.get(id);
    const key = spaceKeys.keyOf(id) ?? (space instanceof SiteError ? space : space?.key);
    if (key !== undefined) found.set(id, key);
  }
  return found;
}
