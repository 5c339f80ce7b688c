import type { Complete } from "../../domain/Complete.js";
import type { SpaceGrant } from "../../domain/Grant.js";
import type { SpaceId, SpaceKey } from "../../domain/ids.js";
import { notVisible, SiteError } from "../../domain/SiteError.js";
import type { Found } from "../Found.js";
import { fetchEach } from "../fetchEach.js";
import type { DataCenterContext } from "./DataCenterContext.js";
import { fetchSpaceHoldings } from "./fetchSpaceHoldings.js";
import { fetchSpaceKeys } from "./fetchSpaceKeys.js";
import { fetchSpacesByKeys } from "./fetchSpacesByKeys.js";
import type { PermissionHolding } from "./PermissionHolding.js";
import { permissionIdOf } from "./permissionIdOf.js";
import { resolveHolders } from "./resolveHolders.js";

/** What one space permits, read by its key. */
interface SpaceRows {
  readonly key: SpaceKey;
  readonly holdings: readonly PermissionHolding[];
  readonly asOfMs: number;
  /** False where neither the rows nor what was read before say that the key is this space's. */
  readonly isProved: boolean;
}

/**
 * What spaces grant, one call each. Rows have no id of their own, and equal rows are one grant. The call takes a key, which
 * may have become another space's: the rows of REST say whose they are, and where no row says it, keys that were learned
 * long ago, or before what the reader may be told, are proved by reading their spaces, many a call.
 *
 * @param notBeforeMs what was learned before this moment proves nothing.
 */
export async function fetchSpaceGrants(
  context: DataCenterContext,
  ids: readonly SpaceId[],
  notBeforeMs = 0,
): Promise<Found<SpaceId, Complete<SpaceGrant>>> {
  const keys = await fetchSpaceKeys(context, ids);
  const rows = await fetchEach(ids, context.client.concurrency, (id) =>
    fetchRows(context, id, keys.get(id), notBeforeMs),
  );
  const proved = await withoutStrangers(context, rows);
  const read = [...proved.values()].flatMap((outcome) => (outcome instanceof SiteError ? [] : outcome.holdings));
  const resolve = await resolveHolders(context, read);
  return new Map(
    [...proved].map(([id, outcome]) => [id, outcome instanceof SiteError ? outcome : grantsOf(outcome, resolve)]),
  );
}

async function fetchRows(
  context: DataCenterContext,
  id: SpaceId,
  key: SpaceKey | SiteError | undefined,
  notBeforeMs: number,
): Promise<SpaceRows> {
  const { client, spaceKeys } = context;
  if (key === undefined) throw notVisible(`space ${id}`, "GET /rest/api/space");
  if (key instanceof SiteError) throw key;
  const isFresh = spaceKeys.isFresh(id, notBeforeMs);
  const asOfMs = client.clock.now();
  const { holdings, spaceId } = await fetchSpaceHoldings(context, key);
  if (spaceId !== null && spaceId !== id) {
    spaceKeys.forget(id);
    const call = "GET /rest/api/space/{spaceKey}/permissions";
    throw new SiteError("NotVisible", `${call} answered for another space that has the key now.`, { call });
  }
  return { key, holdings, asOfMs, isProved: spaceId !== null || isFresh };
}

/** Without what was read under a key that is another space's by now; reading the spaces makes those forgotten. */
async function withoutStrangers(
  context: DataCenterContext,
  rows: Found<SpaceId, SpaceRows>,
): Promise<Found<SpaceId, SpaceRows>> {
  const unproved = new Map(
    [...rows].flatMap(([id, outcome]) =>
      outcome instanceof SiteError || outcome.isProved ? [] : [[id, outcome.key] as const],
    ),
  );
  const spaces = await fetchSpacesByKeys(context, [...unproved.values()]);
  return new Map(
    [...rows].flatMap(([id, outcome]) => {
      const key = unproved.get(id);
      if (key === undefined) return [[id, outcome]];
      const space = spaces.get(key);
      if (space instanceof SiteError) return [[id, space]];
      if (space?.spaceId === id) return [[id, outcome]];
      return [[id, notVisible(`space ${id} under the key it had`, "GET /rest/api/space")]];
    }),
  );
}

function grantsOf(
  { key, holdings, asOfMs }: SpaceRows,
  resolve: Awaited<ReturnType<typeof resolveHolders>>,
): Complete<SpaceGrant> {
  const held = resolve({ holdings, where: `permissions of space ${key}`, asOfMs });
  const grants = new Map<string, SpaceGrant>();
  for (const { principal, operation } of held.items) {
    const permissionId = permissionIdOf(principal, operation);
    grants.set(permissionId, { kind: "permission", permissionId, principal, operation });
  }
  return { ...held, items: [...grants.values()] };
}
