import type { SpaceId, SpaceKey } from "../../domain/ids.js";
import { SiteError } from "../../domain/SiteError.js";
import { readShape } from "../readShape.js";
import { callRemoteApi } from "./callRemoteApi.js";
import type { DataCenterContext } from "./DataCenterContext.js";
import { isRouteMissing } from "./isRouteMissing.js";
import { mapPermissionSets } from "./mapPermissionSets.js";
import { mapSubject } from "./mapSubject.js";
import { operationNames } from "./operationNames.js";
import type { PermissionHolding } from "./PermissionHolding.js";
import { pathName } from "./pathName.js";
import { permissionSetsWire } from "./wire/permissionSetWire.js";
import { permissionsWire } from "./wire/permissionWire.js";

interface SpaceHoldings {
  readonly holdings: readonly PermissionHolding[];
  /** The space that the rows say they are of; `null` where none says it. */
  readonly spaceId: SpaceId | null;
}

/**
 * What a space permits to whom, all in one call: by REST where the site has it (9.1) and its path takes the key, else by
 * JSON-RPC, which takes any key, knows users by name and does not tell what unlicensed users may. Rejects with `Unsupported`
 * where there is neither.
 */
export async function fetchSpaceHoldings(context: DataCenterContext, key: SpaceKey): Promise<SpaceHoldings> {
  try {
    return await fetchByRest(context, key);
  } catch (error) {
    if (!isRouteMissing(error)) throw error;
    return { holdings: await fetchByRemoteApi(context, key, error), spaceId: null };
  }
}

async function fetchByRest({ client, features }: DataCenterContext, key: SpaceKey): Promise<SpaceHoldings> {
  const call = "GET /rest/api/space/{spaceKey}/permissions";
  const path = `/rest/api/space/${pathName("space", key, call)}/permissions`;
  const rows = await features.whereOffered("spacePermissions", () =>
    client.fetchOne({ method: "GET", call, path }, permissionsWire),
  );
  const holdings = rows.map(({ subject, operation }) => ({
    holder: mapSubject(subject),
    operation: operationNames.fromRest(operation),
  }));
  const told = rows.find(({ spaceId }) => spaceId !== null && spaceId !== undefined)?.spaceId;
  return { holdings, spaceId: (told === undefined ? null : String(told)) as SpaceId | null };
}

async function fetchByRemoteApi(
  context: DataCenterContext,
  key: SpaceKey,
  missing: SiteError,
): Promise<PermissionHolding[]> {
  const method = "getSpacePermissionSets";
  const call = `POST /rpc/json-rpc/confluenceservice-v2/${method}`;
  try {
    const sets = await callRemoteApi(context, { method, parameters: [key], isRead: true });
    if (sets === null) {
      const message = `${call} answered null, which says nothing about the space's permissions. Ask again later.`;
      throw new SiteError("UpstreamFailed", message, { call, status: 200 });
    }
    return mapPermissionSets(readShape(permissionSetsWire, sets, call));
  } catch (error) {
    if (!isRouteMissing(error)) throw error;
    const message = `Space permissions cannot be read. ${missing.message} ${error.message}`;
    throw new SiteError("Unsupported", message, { call: missing.call, status: missing.status, cause: error });
  }
}
