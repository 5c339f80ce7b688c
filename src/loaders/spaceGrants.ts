import type { Complete } from "../domain/Complete.js";
import { compareCodePoints } from "../domain/compareCodePoints.js";
import type { StoredSpaceGrant } from "../domain/Grant.js";
import { grantKey } from "../domain/grantKey.js";
import type { SiteId, SpaceId } from "../domain/ids.js";
import type { PermissionModel } from "../domain/PermissionModel.js";
import { SiteError } from "../domain/SiteError.js";
import type { SpaceGrant } from "../domain/SpaceGrant.js";
import type { FetchReader } from "./FetchReader.js";
import { heapEstimates } from "./heapEstimates.js";
import { defineListLoader } from "./LoaderDeclaration.js";
import { onlyOne } from "./onlyOne.js";
import { orderOnce } from "./orderOnce.js";
import { permissionModel } from "./permissionModel.js";

/** Everything a space grants, ordered by its grant key: granular rows, and role assignments where the site has roles. */
export const spaceGrants = defineListLoader<SpaceId, StoredSpaceGrant>({
  name: "spaceGrants",
  upstream: "call-per-key",
  lifetime: "grants",
  fetch: async (reader, ids) => {
    const found = await reader.site.spaces.grantsOf(ids, await readModel(reader));
    return new Map(
      [...found].map(([id, outcome]) => [
        id,
        outcome instanceof SiteError ? outcome : { ...outcome, items: grantsOf(reader.site.siteId, id, outcome) },
      ]),
    );
  },
  bytesPerItem: heapEstimates.grant,
});

/** A model that cannot be read is unknown, not `PRE_ROLES`: then assignments are asked for and their absence is a gap. */
async function readModel(reader: FetchReader<SpaceId>): Promise<PermissionModel> {
  try {
    return (await reader.read(permissionModel, onlyOne)) ?? "UNKNOWN";
  } catch (error) {
    if (error instanceof SiteError) return "UNKNOWN";
    throw error;
  }
}

/** Made once when read, not at each request: a space may grant thousands of times. */
function grantsOf(siteId: SiteId, spaceId: SpaceId, list: Complete<SpaceGrant>): StoredSpaceGrant[] {
  const grants = list.items.map(
    (grant): StoredSpaceGrant => ({ ...grant, siteId, spaceId, key: grantKey(spaceId, grant), asOfMs: list.asOfMs }),
  );
  return orderOnce(grants, (left, right) => compareCodePoints(left.key, right.key));
}
