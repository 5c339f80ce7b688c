import type { SpaceId, SpaceKey } from "../../domain/ids.js";
import { SiteError } from "../../domain/SiteError.js";
import type { Space } from "../../domain/Space.js";
import type { Found } from "../Found.js";
import type { DataCenterContext } from "./DataCenterContext.js";
import { fetchSpacesByKeys } from "./fetchSpacesByKeys.js";
import { fetchUnseenSpaces } from "./fetchUnseenSpaces.js";

/** Spaces by id: by their keys where these were learned, else by their ids or out of the lists. */
export async function fetchSpacesByIds(
  context: DataCenterContext,
  ids: readonly SpaceId[],
): Promise<Found<SpaceId, Space>> {
  const keys = new Map<SpaceId, SpaceKey>();
  for (const id of ids) {
    const key = context.spaceKeys.keyOf(id);
    if (key !== undefined) keys.set(id, key);
  }
  const [seen, unseen] = await Promise.all([
    fetchSpacesByKeys(context, [...keys.values()]),
    fetchUnseenSpaces(
      context,
      ids.filter((id) => !keys.has(id)),
    ),
  ]);
  const found = new Map(unseen);
  for (const [id, key] of keys) {
    const space = seen.get(key);
    // A key that is free again can go to another space.
    if (space instanceof SiteError || space?.spaceId === id) found.set(id, space);
  }
  return found;
}
