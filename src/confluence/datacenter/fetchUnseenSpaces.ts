import type { SpaceId } from "../../domain/ids.js";
import { SiteError } from "../../domain/SiteError.js";
import type { Space } from "../../domain/Space.js";
import type { Found } from "../Found.js";
import type { DataCenterContext } from "./DataCenterContext.js";
import { fetchSpaceList } from "./fetchSpaceList.js";
import { fetchSpacesByIdFilter } from "./fetchSpacesByIdFilter.js";
import { isRouteMissing } from "./isRouteMissing.js";

/**
 * Spaces by id whose key was not learned yet: by their ids where the site takes them, else out of the lists of current and
 * archived spaces. While one of these is not whole, a space that stands in neither may be there all the same.
 */
export async function fetchUnseenSpaces(
  context: DataCenterContext,
  ids: readonly SpaceId[],
): Promise<Found<SpaceId, Space>> {
  const wanted = [...new Set(ids.filter((id) => /^\d{1,19}$/.test(id)))];
  if (wanted.length === 0) return new Map();
  try {
    return await fetchSpacesByIdFilter(context, wanted);
  } catch (error) {
    if (!isRouteMissing(error)) throw error;
    return readLists(context, new Set(wanted));
  }
}

async function readLists(context: DataCenterContext, wanted: ReadonlySet<SpaceId>): Promise<Found<SpaceId, Space>> {
  const found = new Map<SpaceId, Space | SiteError>();
  let unread: SiteError | null = null;
  const lists = await Promise.allSettled([fetchSpaceList(context, "CURRENT"), fetchSpaceList(context, "ARCHIVED")]);
  for (const list of lists) {
    if (list.status === "rejected") {
      if (!(list.reason instanceof SiteError)) throw list.reason;
      unread ??= list.reason;
      continue;
    }
    for (const space of list.value.items) if (wanted.has(space.spaceId)) found.set(space.spaceId, space);
    const [gap] = list.value.gaps;
    if (gap !== undefined) unread ??= new SiteError(gap.kind, gap.reason, { call: gap.call ?? "GET /rest/api/space" });
  }
  if (unread !== null) for (const id of wanted) if (!found.has(id)) found.set(id, unread);
  return found;
}
