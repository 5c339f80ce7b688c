import type { Complete } from "../../domain/Complete.js";
import type { SpaceId, SpaceKey } from "../../domain/ids.js";
import { SiteError } from "../../domain/SiteError.js";
import type { SpaceGrant } from "../../domain/SpaceGrant.js";
import type { Found } from "../Found.js";
import { fetchEach } from "../fetchEach.js";
import type { DataCenterContext } from "./DataCenterContext.js";
import { fetchSpaceHoldings } from "./fetchSpaceHoldings.js";
import { fetchSpaceKeys } from "./fetchSpaceKeys.js";
import { fetchSpacesByKeys } from "./fetchSpacesByKeys.js";
import { permissionIdOf } from "./permissionIdOf.js";
import { resolveHolders } from "./resolveHolders.js";

type Grants = Complete<SpaceGrant>;

/**
 * What spaces grant, one call each. Rows have no id of their own, and equal rows are one grant. The call takes a key, which
 * may have become another space's: the rows of REST say whose they are, and where no row says it, keys that were learned
 * long ago are proved by reading their spaces, many a call.
 */
export async function fetchSpaceGrants(
  context: DataCenterContext,
  ids: readonly SpaceId[],
): Promise<Found<SpaceId, Grants>> {
  const { client, spaceKeys } = context;
  const keys = await fetchSpaceKeys(context, ids);
  const unproved = new Map<SpaceId, SpaceKey>();
  const found = await fetchEach([...keys.keys()], client.concurrency, async (id): Promise<Grants> => {
    const key = keys.get(id);
    if (key === undefined || key instanceof SiteError)
      throw key ?? new Error(`Space ${id} was asked for without its key`);
    const isFresh = spaceKeys.isFresh(id);
    const asOfMs = client.clock.now();
    const { holdings, spaceId } = await fetchSpaceHoldings(context, key);
    if (spaceId !== null && spaceId !== id) {
      spaceKeys.forget(id);
      const call = "GET /rest/api/space/{spaceKey}/permissions";
      throw new SiteError("NotVisible", `${call} answered for another space that has the key now.`, { call });
    }
    if (spaceId === null && !isFresh) unproved.set(id, key);
    const held = await resolveHolders(context, { holdings, where: `permissions of space ${key}`, asOfMs });
    const grants = new Map<string, SpaceGrant>();
    for (const { principal, operation } of held.items) {
      const permissionId = permissionIdOf(principal, operation);
      grants.set(permissionId, { kind: "permission", permissionId, principal, operation });
    }
    return { ...held, items: [...grants.values()] };
  });
  return withoutStrangers(context, found, unproved);
}

/** Without what was read under a key that is another space's by now; reading the spaces makes those forgotten. */
async function withoutStrangers(
  context: DataCenterContext,
  found: Found<SpaceId, Grants>,
  unproved: ReadonlyMap<SpaceId, SpaceKey>,
): Promise<Found<SpaceId, Grants>> {
  const spaces = await fetchSpacesByKeys(context, [...unproved.values()]);
  return new Map(
    [...found].flatMap(([id, grants]) => {
      const key = unproved.get(id);
      if (key === undefined) return [[id, grants]];
      const space = spaces.get(key);
      if (space instanceof SiteError) return [[id, space]];
      return space?.spaceId === id ? [[id, grants]] : [];
    }),
  );
}
