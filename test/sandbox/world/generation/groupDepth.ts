import type { DataCenterGroup } from "../../../../sandbox/src/world/World.js";

/** How deep the groups are nested: groups on the longest chain without a repetition. `isCyclic` when some group is in itself. */
export function groupDepth(groups: readonly DataCenterGroup[]): { readonly depth: number; readonly isCyclic: boolean } {
  const children = new Map(groups.map((group) => [group.name, group.groups ?? []]));
  let isCyclic = false;
  const below = (name: string, above: readonly string[]): number => {
    if (above.includes(name)) {
      isCyclic = true;
      return 0;
    }
    return 1 + Math.max(0, ...(children.get(name) ?? []).map((child) => below(child, [...above, name])));
  };
  const depth = Math.max(0, ...groups.map(({ name }) => below(name, [])));
  return { depth, isCyclic };
}
