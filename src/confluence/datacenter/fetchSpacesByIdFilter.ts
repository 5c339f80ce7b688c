import { z } from "zod";
import type { SpaceId } from "../../domain/ids.js";
import { SiteError } from "../../domain/SiteError.js";
import type { Space } from "../../domain/Space.js";
import type { Found } from "../Found.js";
import { forEachAtOnce } from "../forEachAtOnce.js";
import { pageSizes } from "../pageSizes.js";
import { readShape } from "../readShape.js";
import type { DataCenterContext } from "./DataCenterContext.js";
import { isRouteMissing } from "./isRouteMissing.js";
import { mapSpace } from "./mapSpace.js";
import { readNextStart } from "./readNextStart.js";
import { spaceWire } from "./wire/spaceWire.js";

const call = "GET /rest/api/space";
const page = z.object({ results: z.array(spaceWire) });

/**
 * Spaces by id, many a call, where the site's list takes ids. Archived ones are looked for only if some are missing; a call that
 * fails leaves open whether those are there that it was to find. Rejects
 * with `Unsupported` where it does not: a parameter that a version does not know is ignored, and the answer holds others.
 */
export async function fetchSpacesByIdFilter(
  context: DataCenterContext,
  ids: readonly SpaceId[],
): Promise<Found<SpaceId, Space>> {
  const found = new Map<SpaceId, Space | SiteError>();
  for (const status of ["current", "archived"] as const) {
    const missing = ids.filter((id) => !found.has(id));
    const size = pageSizes.dataCenterSpaceKeys;
    const batches = Array.from({ length: Math.ceil(missing.length / size) }, (_, index) =>
      missing.slice(index * size, (index + 1) * size),
    );
    const [first, ...rest] = batches;
    const ask = async (batch: readonly SpaceId[]) => {
      try {
        for (const space of await askFor(context, status, batch)) found.set(space.spaceId, space);
      } catch (error) {
        if (!(error instanceof SiteError) || isRouteMissing(error)) throw error;
        for (const id of batch) if (!found.has(id)) found.set(id, error);
      }
    };
    // One alone shows whether ids are taken at all.
    if (first !== undefined) await ask(first);
    await forEachAtOnce(rest, context.client.concurrency, ask);
  }
  return found;
}

function askFor(context: DataCenterContext, status: string, ids: readonly SpaceId[]): Promise<readonly Space[]> {
  const { client, features, siteUrl, spaceKeys } = context;
  const query = { spaceId: ids, status, expand: "creator", limit: pageSizes.dataCenterSpaces };
  return features.whereOffered("spacesById", async () => {
    const { body } = await client.transport
      .send({ method: "GET", call, path: "/rest/api/space", query })
      .catch(refuseIds);
    const { results } = readShape(page, body, call);
    const spaces = results.map((row) => mapSpace(row, siteUrl, status));
    const isFiltered = spaces.every(({ spaceId }) => ids.includes(spaceId));
    if (!isFiltered || readNextStart(body, 0, results.length) !== null) {
      throw new SiteError("Unsupported", `${call} answered with spaces that were not asked for.`, {
        call,
        status: 200,
      });
    }
    for (const { spaceId, key } of spaces) spaceKeys.learn(spaceId, key);
    return spaces;
  });
}

/** What a site answers that knows the parameter and takes none of these ids is not said: lists tell the same. */
function refuseIds(error: unknown): never {
  if (!(error instanceof SiteError) || (error.kind !== "RequestRejected" && error.kind !== "NotVisible")) throw error;
  throw new SiteError("Unsupported", error.message, { call, status: error.status, cause: error });
}
