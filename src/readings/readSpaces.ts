import type { KnownSpaceStatus } from "../confluence/port.js";
import type { Complete } from "../domain/Complete.js";
import type { Space } from "../domain/Space.js";
import { compareCodePoints, orderOnce } from "../domain/textOrder.js";
import type { SiteLoaders } from "../loaders/engine/SiteLoaders.js";
import { spaceList } from "../loaders/spaces.js";
import { ReadingParts } from "./ReadingParts.js";

/** Every status a space can be listed by. Confluence lists one status a call. */
export const allSpaceStatuses: readonly KnownSpaceStatus[] = ["CURRENT", "ARCHIVED", "TRASHED"];

/** The spaces of some statuses, ordered by key. Rejects only when not one of the lists could be read. */
export async function readSpaces(
  loaders: SiteLoaders,
  statuses: readonly KnownSpaceStatus[],
): Promise<Complete<Space>> {
  const parts = new ReadingParts(loaders.store.clock.now());
  const lists = await loaders.of(spaceList).getMany(statuses);
  const listed = statuses.flatMap((status, index) => parts.take(`all spaces with status ${status}`, lists[index]));
  // One that changes its status between two of the lists stands in both.
  const items = orderOnce(
    listed,
    (left, right) => compareCodePoints(left.key, right.key) || compareCodePoints(left.spaceId, right.spaceId),
  );
  return parts.finish(items);
}
