import { InvalidWorld } from "./InvalidWorld.js";
import { ObjectReader } from "./ObjectReader.js";
import { parseCloudWorld } from "./parseCloudWorld.js";
import { parseDataCenterWorld } from "./parseDataCenterWorld.js";
import type { World } from "./World.js";

/**
 * Checks a world file that was read as JSON, both halves of it. Throws `InvalidWorld` with the path of every fault; unknown
 * keys and duplicate ids are faults too. The result shares nothing mutable with `json`.
 */
export function parseWorld(json: unknown): World {
  const faults: string[] = [];
  const reader = new ObjectReader(json, "", faults);
  const hasCloud = reader.has("cloud");
  const hasDataCenter = reader.has("dataCenter");
  const world: World = {
    ...(hasCloud ? { cloud: parseCloudWorld(reader.child("cloud")) } : {}),
    ...(hasDataCenter ? { dataCenter: parseDataCenterWorld(reader.child("dataCenter")) } : {}),
  };
  reader.finish();
  if (reader.isUsable && !hasCloud && !hasDataCenter) {
    faults.push("cloud: missing (a world holds cloud, dataCenter or both)");
  }
  if (faults.length > 0) throw new InvalidWorld(faults);
  return world;
}
