import { z } from "zod";
import { type Complete, knownEmpty } from "../../domain/Complete.js";
import type { AccountId, SpaceId, SpaceKey } from "../../domain/ids.js";
import { isOfKind, orSiteError, outcomeOf, SiteError, siteErrorOf } from "../../domain/SiteError.js";
import type { Space, SpaceKind, SpaceStatus } from "../../domain/Space.js";
import { batchesOf, type Found, forEachAtOnce } from "../fetchMany.js";
import { type AskedFor, NamedCalls } from "../NamedCalls.js";
import type { KnownSpaceStatus } from "../port.js";
import { readShape } from "../readShape.js";
import { readNextStart } from "./client.js";
import type { DataCenterContext } from "./context.js";
import { isRouteMissing } from "./features.js";
import { dataCenterLimits } from "./limits.js";
import { type SpaceWire, spaceWire } from "./wire.js";

/**
 * The spaces of one status: all of them, or those of some keys. The status is always sent: what the call answers without
 * one is not documented. There is no list of trashed spaces, and no call for it.
 */
export async function fetchSpaceList(
  { client, siteUrl, spaceKeys }: DataCenterContext,
  status: KnownSpaceStatus,
  named?: AskedFor<SpaceKey>,
): Promise<Complete<Space>> {
  if (status === "TRASHED") return knownEmpty(client.clock.now());
  const asked = status.toLowerCase();
  const items: Space[] = [];
  const list = await client.listPages({
    call: "GET /rest/api/space",
    path: "/rest/api/space",
    query: { status: asked, expand: "creator" },
    ...(named === undefined
      ? {}
      : { asked: { query: () => ({ spaceKey: named.names }), boarding: named.boarding, tries: named.tries } }),
    row: spaceWire,
    pageSize: dataCenterLimits.spaces,
    missing: (count) => `${asked} spaces${named === undefined ? "" : " by key"} after the first ${count}`,
    // Page by page: a site may have many thousands.
    take: (rows) => {
      for (const row of rows) items.push(mapSpace(row, siteUrl, asked));
    },
  });
  for (const { spaceId, key } of items) spaceKeys.learn(spaceId, key);
  return { ...list, items };
}

const limits = { count: dataCenterLimits.spaceKeys, length: dataCenterLimits.spaceKeysLength };

/**
 * Spaces by key, in any letter case, many a call; found under the key as it was asked for. Most spaces asked for are in
 * use, so archived ones are looked for only if some are missing.
 */
export async function fetchSpacesByKeys(
  context: DataCenterContext,
  keys: readonly SpaceKey[],
): Promise<Found<SpaceKey, Space>> {
  const calls = callsOf(context);
  const found = new Map<SpaceKey, Space | SiteError>();
  for (const status of ["CURRENT", "ARCHIVED"] as const) {
    const missing = keys.filter((key) => key !== "" && !found.has(key));
    await forEachAtOnce(batchesOf(missing, limits), context.client.concurrency, async (batch) => {
      const outcome = await outcomeOf(calls[status].read(batch));
      const error = outcome instanceof Error ? siteErrorOf(outcome) : null;
      for (const key of batch) {
        const space = outcome instanceof Error ? error : outcome.get(key);
        if (space !== undefined && space !== null) found.set(key, space);
      }
    });
  }
  return found;
}

type KeyCalls = Readonly<Record<"CURRENT" | "ARCHIVED", NamedCalls<SpaceKey, Space>>>;

const ofSites = new WeakMap<DataCenterContext, KeyCalls>();

function callsOf(context: DataCenterContext): KeyCalls {
  const known = ofSites.get(context);
  if (known !== undefined) return known;
  const of = (status: keyof KeyCalls) =>
    new NamedCalls<SpaceKey, Space>(limits, (asked) => fetchByKeys(context, status, asked));
  const made = { CURRENT: of("CURRENT"), ARCHIVED: of("ARCHIVED") };
  ofSites.set(context, made);
  return made;
}

/** A call that broke off leaves open whether the keys it did not find are there. */
async function fetchByKeys(
  context: DataCenterContext,
  status: keyof KeyCalls,
  asked: AskedFor<SpaceKey>,
): Promise<Found<SpaceKey, Space>> {
  const { items, gaps } = await fetchSpaceList(context, status, asked);
  const byKey = new Map(items.map((space) => [space.key.toLowerCase(), space]));
  const [gap] = gaps;
  const unread = gap && new SiteError(gap.kind, gap.reason, { call: gap.call ?? "GET /rest/api/space" });
  return new Map(
    asked.names.flatMap((key) => {
      const outcome = byKey.get(key.toLowerCase()) ?? unread;
      return outcome === undefined ? [] : [[key, outcome] as const];
    }),
  );
}

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

/**
 * Spaces by id whose key was not learned yet: by their ids where the site takes them, else out of the lists of current and
 * archived spaces. While one of these is not whole, a space that stands in neither may be there all the same.
 */
async function fetchUnseenSpaces(context: DataCenterContext, ids: readonly SpaceId[]): Promise<Found<SpaceId, Space>> {
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
  const statuses = ["CURRENT", "ARCHIVED"] as const;
  for (const outcome of await Promise.all(statuses.map((status) => outcomeOf(fetchSpaceList(context, status))))) {
    const list = orSiteError(outcome);
    if (list instanceof SiteError) {
      unread ??= list;
      continue;
    }
    for (const space of list.items) if (wanted.has(space.spaceId)) found.set(space.spaceId, space);
    const [gap] = list.gaps;
    if (gap !== undefined) unread ??= new SiteError(gap.kind, gap.reason, { call: gap.call ?? "GET /rest/api/space" });
  }
  if (unread !== null) for (const id of wanted) if (!found.has(id)) found.set(id, unread);
  return found;
}

const listCall = "GET /rest/api/space";
const spacesPage = z.object({ results: z.array(spaceWire) });

/**
 * Spaces by id, many a call, where the site's list takes ids. Archived ones are looked for only if some are missing; a call that
 * fails leaves open whether those are there that it was to find. Rejects
 * with `Unsupported` where it does not: a parameter that a version does not know is ignored, and the answer holds others.
 */
async function fetchSpacesByIdFilter(
  context: DataCenterContext,
  ids: readonly SpaceId[],
): Promise<Found<SpaceId, Space>> {
  const found = new Map<SpaceId, Space | SiteError>();
  for (const status of ["current", "archived"] as const) {
    const missing = ids.filter((id) => !found.has(id));
    const size = dataCenterLimits.spaceKeys;
    const batches = Array.from({ length: Math.ceil(missing.length / size) }, (_, index) =>
      missing.slice(index * size, (index + 1) * size),
    );
    const [first, ...rest] = batches;
    const ask = async (batch: readonly SpaceId[]) => {
      try {
        for (const space of await fetchIdBatch(context, status, batch)) found.set(space.spaceId, space);
      } catch (thrown) {
        if (isRouteMissing(thrown)) throw thrown;
        const error = siteErrorOf(thrown);
        for (const id of batch) if (!found.has(id)) found.set(id, error);
      }
    };
    // One alone shows whether ids are taken at all.
    if (first !== undefined) await ask(first);
    await forEachAtOnce(rest, context.client.concurrency, ask);
  }
  return found;
}

function fetchIdBatch(context: DataCenterContext, status: string, ids: readonly SpaceId[]): Promise<readonly Space[]> {
  const { client, features, siteUrl, spaceKeys } = context;
  const query = { spaceId: ids, status, expand: "creator", limit: dataCenterLimits.spaces };
  return features.whereOffered("spacesById", async () => {
    const { body } = await client.transport
      .send({ method: "GET", call: listCall, path: "/rest/api/space", query })
      .catch(refuseIds);
    const { results } = readShape(spacesPage, body, listCall);
    const spaces = results.map((row) => mapSpace(row, siteUrl, status));
    const isFiltered = spaces.every(({ spaceId }) => ids.includes(spaceId));
    if (!isFiltered || readNextStart(body, 0, results.length) !== null) {
      throw new SiteError("Unsupported", `${listCall} answered with spaces that were not asked for.`, {
        call: listCall,
        status: 200,
      });
    }
    for (const { spaceId, key } of spaces) spaceKeys.learn(spaceId, key);
    return spaces;
  });
}

/** What a site answers that knows the parameter and takes none of these ids is not said: lists tell the same. */
function refuseIds(error: unknown): never {
  if (!isOfKind(error, "RequestRejected", "NotVisible")) throw error;
  throw new SiteError("Unsupported", error.message, { call: listCall, status: error.status, cause: error });
}

const kinds: ReadonlyMap<string, SpaceKind> = new Map([
  ["global", "GLOBAL"],
  ["personal", "PERSONAL"],
]);

const statuses: ReadonlyMap<string, SpaceStatus> = new Map([
  ["current", "CURRENT"],
  ["archived", "ARCHIVED"],
]);

/**
 * A space of the site at `siteUrl`. The status is kept as it was given, whatever its casing; a list that was asked for
 * one status and does not repeat it means that one (`askedStatus`).
 */
export function mapSpace(space: SpaceWire, siteUrl: string, askedStatus: string): Space {
  const reportedKind = space.type ?? "";
  const reportedStatus = space.status ?? askedStatus;
  const path = space._links?.webui ?? null;
  const createdAt = space.creationDate ? new Date(space.creationDate) : null;
  return {
    spaceId: String(space.id) as SpaceId,
    key: space.key as SpaceKey,
    alias: null,
    name: space.name ?? null,
    kind: kinds.get(reportedKind.toLowerCase()) ?? "UNKNOWN",
    reportedKind,
    status: statuses.get(reportedStatus.toLowerCase()) ?? "UNKNOWN",
    reportedStatus,
    createdAt: createdAt === null || Number.isNaN(createdAt.getTime()) ? null : createdAt,
    authorId: (space.creator?.userKey ?? null) as AccountId | null,
    ownerId: null,
    // What does not begin with a slash would go on with the name of the host.
    homepageUrl: path?.startsWith("/") ? `${siteUrl}${path}` : null,
  };
}
