import { staleLifetimes } from "../cache/lifetimes.js";
import type { Complete } from "../domain/Complete.js";
import type { Group } from "../domain/Group.js";
import { SiteError } from "../domain/SiteError.js";
import { onlyOne } from "../loaders/engine/LoaderDeclaration.js";
import type { SiteLoaders } from "../loaders/engine/SiteLoaders.js";
import { groupList } from "../loaders/groups.js";
import { ReadingParts } from "./ReadingParts.js";

/** A list read for the same answer is never too old, however short memberships live. */
const leastAgeMs = 30_000;

/**
 * Every group, as what memberships are read of. The list lives longer than memberships do, and the members of a group made
 * since would be missing for as long: so here it is no older than memberships may be. Where it cannot be read again, the
 * older one will do, and the groups made since are a gap.
 */
export function readCurrentGroups(loaders: SiteLoaders): Promise<Complete<Group>> {
  return loaders.once("currentGroups", async () => {
    const parts = new ReadingParts(loaders.store.clock.now());
    const listed = await loaders.of(groupList).get(onlyOne);
    if (listed === null || isGroupListCurrent(loaders, listed)) return parts.finish(parts.take("groups", listed));
    const [current] = await loaders.store.of(groupList).readMany([onlyOne], oldestCountingMs(loaders));
    if (!(current instanceof SiteError)) return parts.finish(parts.take("groups", current));
    const items = parts.take("groups", listed);
    parts.miss("groups made since the list was read", current);
    return parts.finish(items);
  });
}

/** Whether a list of groups that is at hand is good for that. */
export function isGroupListCurrent(loaders: SiteLoaders, list: Complete<Group>): boolean {
  return list.asOfMs >= oldestCountingMs(loaders);
}

function oldestCountingMs({ notBeforeMs, store: { clock, lifetimes } }: SiteLoaders): number {
  const mostMs = Math.max(leastAgeMs, lifetimes.memberships * (1 + staleLifetimes));
  return Math.max(notBeforeMs, clock.now() - mostMs);
}
