import { Refusal } from "../../http/Refusal.js";
import type { DataCenterState } from "../state/DataCenterState.js";

/** The group of a name, in its own letter case; 404 when there is none. */
export function findGroup({ groups }: DataCenterState, name: string): { readonly name: string } {
  const group = groups.get(name);
  if (group === undefined) throw new Refusal(404, `No group found with name : ${name}`);
  return group;
}
