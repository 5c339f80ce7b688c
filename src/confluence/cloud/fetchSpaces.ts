import type { Complete } from "../../domain/Complete.js";
import type { SpaceId, SpaceKey } from "../../domain/ids.js";
import { SiteError } from "../../domain/SiteError.js";
import type { Space } from "../../domain/Space.js";
import type { Found } from "../Found.js";
import { pageSizes } from "../pageSizes.js";
import type { KnownSpaceStatus } from "../port.js";
import type { CloudClient } from "./CloudClient.js";
import { mapSpace } from "./mapSpace.js";
import { spacesWire } from "./wire/spaceWire.js";

const call = "GET /wiki/api/v2/spaces";

/** The spaces of one status. The status is always sent: what the call answers without one is not documented. */
export async function fetchSpaceList(
  client: CloudClient,
  siteUrl: string,
  status: KnownSpaceStatus,
): Promise<Complete<Space>> {
  const list = await client.listByCursor({
    call,
    path: "/wiki/api/v2/spaces",
    query: { status: status.toLowerCase() },
    shape: spacesWire,
    pageSize: pageSizes.spaces,
    missing: (count) => `${status.toLowerCase()} spaces after the first ${count}`,
  });
  return { ...list, items: list.items.map((space) => mapSpace(space, siteUrl)) };
}

/** At most 250 spaces of any status by id. */
export function fetchSpacesByIds(
  client: CloudClient,
  siteUrl: string,
  ids: readonly SpaceId[],
): Promise<Found<SpaceId, Space>> {
  return fetchNamed(client, siteUrl, "ids", ids, (space) => space.spaceId);
}

/** At most 250 spaces of any status by key. */
export function fetchSpacesByKeys(
  client: CloudClient,
  siteUrl: string,
  keys: readonly SpaceKey[],
): Promise<Found<SpaceKey, Space>> {
  return fetchNamed(client, siteUrl, "keys", keys, (space) => space.key);
}

/** Most spaces asked for are in use, so one call does; archived and trashed ones are looked for only if some are missing. */
async function fetchNamed<Name extends string>(
  client: CloudClient,
  siteUrl: string,
  parameter: "ids" | "keys",
  names: readonly Name[],
  nameOf: (space: Space) => Name,
): Promise<Found<Name, Space>> {
  const found = new Map<Name, Space | SiteError>();
  // A comma would be read as two names, and no space has such a name.
  const wanted = names.filter((name) => isNamable(name, parameter));
  const fetchWith = async (status: KnownSpaceStatus) => {
    const missing = wanted.filter((name) => !found.has(name));
    if (missing.length === 0) return;
    const { results } = await client.fetchOne(
      {
        method: "GET",
        call,
        path: "/wiki/api/v2/spaces",
        query: { [parameter]: missing.join(","), status: status.toLowerCase(), limit: pageSizes.spacesByIds },
      },
      spacesWire,
    );
    for (const row of results) {
      const space = mapSpace(row, siteUrl);
      found.set(nameOf(space), space);
    }
  };
  await fetchWith("CURRENT");
  const others = await Promise.allSettled([fetchWith("ARCHIVED"), fetchWith("TRASHED")]);
  // A space found in one status is known whatever became of the other calls; of the rest nobody knows that they are absent.
  for (const outcome of others) {
    if (outcome.status === "fulfilled") continue;
    const error: unknown = outcome.reason;
    if (!(error instanceof SiteError)) throw error;
    for (const name of wanted) if (!found.has(name)) found.set(name, error);
  }
  return found;
}

/**
 * An id that is no number, or larger than the site's 64 bits hold, would be a 400 for the whole batch: it names nothing,
 * and the others must not pay for it (2026-11-20, test "that are no numbers name no space, and do not spoil the call for
 * the others").
 */
function isNamable(name: string, parameter: "ids" | "keys"): boolean {
  if (parameter === "keys") return name !== "" && !name.includes(",");
  return /^\d{1,19}$/.test(name) && BigInt(name) <= largestId;
}

const largestId = 2n ** 63n - 1n;
