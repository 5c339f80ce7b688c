import type { KnownSpaceStatus } from "../confluence/port.js";
import { type Complete, type Gap, gapFromError } from "../domain/Complete.js";
import type { SpaceKey } from "../domain/ids.js";
import { orSiteError, SiteError } from "../domain/SiteError.js";
import type { Space } from "../domain/Space.js";
import { sortedDistinct } from "../domain/textOrder.js";
import { LastMade } from "../loaders/engine/KeptThings.js";
import { type SiteLoaders, whenRead } from "../loaders/engine/SiteLoaders.js";
import { bySpaceKey, spaceByKey, spaceList } from "../loaders/spaces.js";
import { ReadingParts } from "./ReadingParts.js";

/** Every status a space can be listed by. Confluence lists one status a call. */
export const allSpaceStatuses: readonly KnownSpaceStatus[] = ["CURRENT", "ARCHIVED", "TRASHED"];

/**
 * The spaces of some statuses, ordered by key; of the same lists the very same. Rejects only when not one of the lists could be
 * read.
 */
export function readSpaces(
  loaders: SiteLoaders,
  statuses: readonly KnownSpaceStatus[],
): Complete<Space> | Promise<Complete<Space>> {
  return whenRead(loaders.of(spaceList).getAll(statuses), (lists) => {
    const kept = loaders.store.kept.of(`spaces ${statuses.join()}`, () => new LastMade<Complete<Space>>());
    return kept.get(lists, () => {
      const parts = new ReadingParts(loaders.store.clock.now());
      const listed = statuses.flatMap((status, index) => parts.take(`all spaces with status ${status}`, lists[index]));
      // One that changes its status between two of the lists stands in both.
      return parts.finish(sortedDistinct(listed, bySpaceKey));
    });
  });
}

/**
 * Gaps for those of some keys, as they were written, that no site among these shows a space for: missing, hidden or mistyped.
 * `listed` are the keys that the lists read hold, in lower case. Only the others are looked up, because an archived space is
 * there though a list of those in use lacks it.
 */
export async function readMissingKeys(
  sites: readonly SiteLoaders[],
  keys: readonly string[],
  listed: ReadonlySet<string>,
): Promise<readonly Gap[]> {
  const unlisted = [...new Set(keys)].filter((key) => !listed.has(key.toLowerCase()));
  if (unlisted.length === 0) return [];
  const outcomes = await Promise.all(sites.map((loaders) => lookUp(loaders, unlisted)));
  return unlisted.flatMap((key): Gap[] => {
    const found = outcomes.flatMap((ofSite) => ofSite.get(key) ?? []);
    if (found.includes("there")) return [];
    const missing = `space with the key ${JSON.stringify(key.slice(0, 255))}`;
    const failure = found.find((outcome) => outcome instanceof SiteError);
    if (failure instanceof SiteError) return [gapFromError(missing, failure)];
    const reason =
      "No space that the credential can see has this key: it is mistyped, or the space is missing or hidden. Confluence does not tell which.";
    return [{ missing, kind: "NotVisible", reason, call: null, retryAfterMs: null }];
  });
}

type Outcome = "there" | "not there" | SiteError;

/** A Cloud site compares keys by case, and keys are in capitals but for those of personal spaces. */
async function lookUp(loaders: SiteLoaders, keys: readonly string[]): Promise<ReadonlyMap<string, readonly Outcome[]>> {
  const spellings = keys.map((key) => [...new Set([key, key.toUpperCase()])] as SpaceKey[]);
  return new Map(
    await Promise.all(
      keys.map(async (key, index): Promise<readonly [string, readonly Outcome[]]> => {
        const outcomes = await loaders.of(spaceByKey).getMany(spellings[index] ?? []);
        return [
          key,
          outcomes.map((outcome): Outcome => {
            const found = orSiteError(outcome);
            if (found instanceof SiteError) return found;
            return found === null ? "not there" : "there";
          }),
        ];
      }),
    ),
  );
}
