import { type Complete, withItems } from "../../domain/Complete.js";
import type { AccountId, SpaceId, SpaceKey } from "../../domain/ids.js";
import { SiteError, siteErrorOf } from "../../domain/SiteError.js";
import type { Space, SpaceKind, SpaceStatus } from "../../domain/Space.js";
import { batchesOf, type Found, forEachAtOnce } from "../fetchMany.js";
import { type AskedFor, NamedCalls } from "../NamedCalls.js";
import type { KnownSpaceStatus } from "../port.js";
import type { CloudClient } from "./client.js";
import { cloudLimits } from "./limits.js";
import { type SpaceWire, spacesWire } from "./wire.js";

const call = "GET /wiki/api/v2/spaces";
const limits = { count: cloudLimits.spacesByIds, length: cloudLimits.spaceNamesLength };

/** The spaces of one status. The status is always sent: what the call answers without one is not documented. */
export async function fetchSpaceList(
  client: CloudClient,
  siteUrl: string,
  status: KnownSpaceStatus,
): Promise<Complete<Space>> {
  const items: Space[] = [];
  const request = {
    call,
    path: "/wiki/api/v2/spaces",
    query: { status: status.toLowerCase() },
    shape: spacesWire,
    pageSize: cloudLimits.spaces,
    missing: (count: number) => `${status.toLowerCase()} spaces after the first ${count}`,
  };
  // Page by page: a site may have many thousands.
  const list = await client.listByCursor(request, (rows) => {
    for (const row of rows) items.push(mapSpace(row, siteUrl));
  });
  return withItems(list, items);
}

/** Spaces of any status by id, at most 250 in one call. */
export function spacesByIds(client: CloudClient, siteUrl: string): (ids: readonly SpaceId[]) => NamedSpaces<SpaceId> {
  return namedSpaces(client, siteUrl, "ids", (space) => space.spaceId);
}

/** Spaces of any status by key, at most 250 in one call. */
export function spacesByKeys(
  client: CloudClient,
  siteUrl: string,
): (keys: readonly SpaceKey[]) => NamedSpaces<SpaceKey> {
  return namedSpaces(client, siteUrl, "keys", (space) => space.key);
}

type NamedSpaces<Name extends string> = Promise<Found<Name, Space>>;
type Parameter = "ids" | "keys";

/**
 * Most spaces asked for are in use, so one call does; archived and trashed ones are looked for only if some are missing. Names
 * whose address would grow too long take several.
 */
function namedSpaces<Name extends string>(
  client: CloudClient,
  siteUrl: string,
  parameter: Parameter,
  nameOf: (space: Space) => Name,
): (names: readonly Name[]) => NamedSpaces<Name> {
  const callsOf = (status: KnownSpaceStatus) =>
    new NamedCalls<Name, Space>(limits, async (asked) => {
      const { rows, unread } = await fetchNamed(client, parameter, asked, status);
      const found = new Map<Name, Space | SiteError>();
      if (unread !== null) for (const name of asked.names) found.set(name, unread);
      for (const row of rows) {
        const space = mapSpace(row, siteUrl);
        found.set(nameOf(space), space);
      }
      return found;
    });
  const calls = { CURRENT: callsOf("CURRENT"), ARCHIVED: callsOf("ARCHIVED"), TRASHED: callsOf("TRASHED") };
  return async (names) => {
    const found = new Map<Name, Space | SiteError>();
    // A comma would be read as two names, and no space has such a name.
    const wanted = names.filter((name) => isNamable(name, parameter));
    /** What was not found because its call failed or broke off: nobody knows that it is absent. */
    const fetchWith = async (status: KnownSpaceStatus): Promise<ReadonlyMap<Name, SiteError>> => {
      const missing = wanted.filter((name) => !found.has(name));
      const unread = new Map<Name, SiteError>();
      await forEachAtOnce(batchesOf(missing, limits), client.concurrency, async (batch) => {
        try {
          for (const [name, outcome] of await calls[status].read(batch))
            if (outcome instanceof SiteError) unread.set(name, outcome);
            else found.set(name, outcome);
        } catch (thrown) {
          const error = siteErrorOf(thrown);
          for (const name of batch) if (!found.has(name)) unread.set(name, error);
        }
      });
      return unread;
    };
    for (const [name, error] of await fetchWith("CURRENT")) found.set(name, error);
    // A space found in one status is known whatever became of the other calls.
    for (const unread of await Promise.all([fetchWith("ARCHIVED"), fetchWith("TRASHED")])) {
      for (const [name, error] of unread) if (!found.has(name)) found.set(name, error);
    }
    return found;
  };
}

/** A next page is read too, and where it cannot be, nobody knows that those are absent who were not found. */
async function fetchNamed(
  client: CloudClient,
  parameter: Parameter,
  asked: AskedFor<string>,
  status: KnownSpaceStatus,
): Promise<{ readonly rows: readonly SpaceWire[]; readonly unread: SiteError | null }> {
  const { items, gaps } = await client.listByCursor({
    call,
    path: "/wiki/api/v2/spaces",
    asked: {
      query: () => ({ [parameter]: asked.names.join(","), status: status.toLowerCase() }),
      boarding: asked.boarding,
      tries: asked.tries,
    },
    shape: spacesWire,
    pageSize: cloudLimits.spacesByIds,
    missing: (count) => `${status.toLowerCase()} spaces by ${parameter} after the first ${count}`,
  });
  const [gap] = gaps;
  const unread = gap && new SiteError(gap.kind, gap.reason, { call, retryAfterMs: gap.retryAfterMs });
  return { rows: items, unread: unread ?? null };
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

const kinds: ReadonlyMap<string, SpaceKind> = new Map([
  ["global", "GLOBAL"],
  ["personal", "PERSONAL"],
  ["collaboration", "COLLABORATION"],
  ["knowledge_base", "KNOWLEDGE_BASE"],
  ["system", "SYSTEM"],
  ["onboarding", "ONBOARDING"],
  ["xflow_sample_space", "SAMPLE"],
]);

const statuses: ReadonlyMap<string, SpaceStatus> = new Map([
  ["current", "CURRENT"],
  ["archived", "ARCHIVED"],
  ["trashed", "TRASHED"],
]);

/** A v2 space as a space of the site at `siteUrl`. */
function mapSpace(space: SpaceWire, siteUrl: string): Space {
  const alias = space.currentActiveAlias ?? null;
  const path = space._links?.webui ?? null;
  const createdAt = space.createdAt === null || space.createdAt === undefined ? null : new Date(space.createdAt);
  return {
    spaceId: String(space.id) as SpaceId,
    key: space.key as SpaceKey,
    alias: alias === space.key ? null : alias,
    name: space.name ?? null,
    kind: kinds.get(space.type) ?? "UNKNOWN",
    reportedKind: space.type,
    status: statuses.get(space.status.toLowerCase()) ?? "UNKNOWN",
    reportedStatus: space.status,
    createdAt: createdAt === null || Number.isNaN(createdAt.getTime()) ? null : createdAt,
    authorId: (space.authorId ?? null) as AccountId | null,
    ownerId: (space.spaceOwnerId ?? null) as AccountId | null,
    homepageUrl: path === null ? null : `${siteUrl}/wiki${path}`,
  };
}
