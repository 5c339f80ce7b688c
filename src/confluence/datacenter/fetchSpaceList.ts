import { type Complete, knownEmpty } from "../../domain/Complete.js";
import type { SpaceKey } from "../../domain/ids.js";
import type { Space } from "../../domain/Space.js";
import { pageSizes } from "../pageSizes.js";
import type { KnownSpaceStatus } from "../port.js";
import type { DataCenterContext } from "./DataCenterContext.js";
import { mapSpace } from "./mapSpace.js";
import { spaceWire } from "./wire/spaceWire.js";

/**
 * The spaces of one status: all of them, or those of some keys. The status is always sent: what the call answers without
 * one is not documented. There is no list of trashed spaces, and no call for it.
 */
export async function fetchSpaceList(
  { client, siteUrl, spaceKeys }: DataCenterContext,
  status: KnownSpaceStatus,
  keys?: readonly SpaceKey[],
): Promise<Complete<Space>> {
  if (status === "TRASHED") return knownEmpty(client.clock.now());
  const asked = status.toLowerCase();
  const list = await client.listPages({
    call: "GET /rest/api/space",
    path: "/rest/api/space",
    query: { spaceKey: keys, status: asked, expand: "creator" },
    row: spaceWire,
    pageSize: pageSizes.dataCenterSpaces,
    missing: (count) => `${asked} spaces${keys === undefined ? "" : " by key"} after the first ${count}`,
  });
  const items = list.items.map((row) => mapSpace(row, siteUrl, asked));
  for (const { spaceId, key } of items) spaceKeys.learn(spaceId, key);
  return { ...list, items };
}
