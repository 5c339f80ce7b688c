import type { Complete } from "../domain/Complete.js";
import { compareCodePoints } from "../domain/compareCodePoints.js";
import type { SpaceId } from "../domain/ids.js";
import type { PermissionModel } from "../domain/PermissionModel.js";
import { SiteError } from "../domain/SiteError.js";
import type { SpaceGrant } from "../domain/SpaceGrant.js";
import { spaceGrantKey } from "../domain/spaceGrantKey.js";
import { defineLoader } from "./defineLoader.js";
import { heapEstimates, heapOfList } from "./heapEstimates.js";
import { onlyOne } from "./onlyOne.js";
import { permissionModel } from "./permissionModel.js";
import type { SiteStore } from "./SiteStore.js";

/** Everything a space grants, ordered by its grant key: granular rows, and role assignments where the site has roles. */
export const spaceGrants = defineLoader<SpaceId, Complete<SpaceGrant>>({
  name: "spaceGrants",
  upstream: "call-per-key",
  lifetime: "grants",
  fetch: async (store, ids, notBeforeMs) => {
    const found = await store.site.spaces.grantsOf(ids, await readModel(store, notBeforeMs));
    return new Map(
      [...found].map(([id, outcome]) => [
        id,
        outcome instanceof SiteError ? outcome : { ...outcome, items: inOrder(outcome.items) },
      ]),
    );
  },
  sizeOf: (list) => heapOfList(list, heapEstimates.grant),
  mayRemember: (list) => list.gaps.length === 0,
});

/** A model that cannot be read is unknown, not `PRE_ROLES`: then assignments are asked for and their absence is a gap. */
async function readModel(store: SiteStore, notBeforeMs: number): Promise<PermissionModel> {
  try {
    return (await store.read(permissionModel, onlyOne, notBeforeMs)) ?? "UNKNOWN";
  } catch (error) {
    if (error instanceof SiteError) return "UNKNOWN";
    throw error;
  }
}

function inOrder(grants: readonly SpaceGrant[]): SpaceGrant[] {
  return grants
    .map((grant) => ({ grant, key: spaceGrantKey(grant) }))
    .sort((left, right) => compareCodePoints(left.key, right.key))
    .map(({ grant }) => grant);
}
