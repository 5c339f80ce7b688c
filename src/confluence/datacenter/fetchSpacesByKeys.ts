import type { SpaceKey } from "../../domain/ids.js";
import { SiteError } from "../../domain/SiteError.js";
import type { Space } from "../../domain/Space.js";
import { batchesOf } from "../batchesOf.js";
import type { Found } from "../Found.js";
import { forEachAtOnce } from "../forEachAtOnce.js";
import { pageSizes } from "../pageSizes.js";
import type { DataCenterContext } from "./DataCenterContext.js";
import { fetchSpaceList } from "./fetchSpaceList.js";

const limits = { count: pageSizes.dataCenterSpaceKeys, length: pageSizes.dataCenterSpaceKeysLength };

/**
 * Spaces by key, in any letter case, many a call; found under the key as it was asked for. Most spaces asked for are in
 * use, so archived ones are looked for only if some are missing.
 */
export async function fetchSpacesByKeys(
  context: DataCenterContext,
  keys: readonly SpaceKey[],
): Promise<Found<SpaceKey, Space>> {
  const found = new Map<SpaceKey, Space | SiteError>();
  for (const status of ["CURRENT", "ARCHIVED"] as const) {
    const missing = keys.filter((key) => key !== "" && !found.has(key));
    await forEachAtOnce(batchesOf(missing, limits), context.client.concurrency, async (batch) => {
      for (const [key, space] of await fetchBatch(context, status, batch)) found.set(key, space);
    });
  }
  return found;
}

/** A call that failed, or broke off, leaves open whether the keys it did not find are there. */
async function fetchBatch(
  context: DataCenterContext,
  status: "CURRENT" | "ARCHIVED",
  batch: readonly SpaceKey[],
): Promise<Found<SpaceKey, Space>> {
  try {
    const { items, gaps } = await fetchSpaceList(context, status, batch);
    const byKey = new Map(items.map((space) => [space.key.toLowerCase(), space]));
    const [gap] = gaps;
    const unread = gap && new SiteError(gap.kind, gap.reason, { call: gap.call ?? "GET /rest/api/space" });
    return new Map(
      batch.flatMap((key) => {
        const outcome = byKey.get(key.toLowerCase()) ?? unread;
        return outcome === undefined ? [] : [[key, outcome] as const];
      }),
    );
  } catch (error) {
    if (!(error instanceof SiteError)) throw error;
    return new Map(batch.map((key) => [key, error]));
  }
}
