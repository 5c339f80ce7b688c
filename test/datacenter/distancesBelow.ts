import type { DataCenterGroup } from "../../sandbox/src/world/World.js";

/** The groups below one, itself included, each with how many steps down it is on the shortest way. */
export function distancesBelow(groups: readonly DataCenterGroup[], top: string): ReadonlyMap<string, number> {
  const childrenOf = new Map(groups.map(({ name, groups: children = [] }) => [name, children]));
  const distances = new Map([[top, 0]]);
  // A Map visits what is added while it is walked: breadth first.
  for (const [name, distance] of distances) {
    for (const child of childrenOf.get(name) ?? []) if (!distances.has(child)) distances.set(child, distance + 1);
  }
  return distances;
}
