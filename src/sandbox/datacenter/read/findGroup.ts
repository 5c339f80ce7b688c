import { Refusal } from "../../http/Refusal.js";
import type { DataCenterCall } from "../DataCenterCall.js";

/** The name, as it was given when it was made, of the group in the path. */
export function findGroup({ params, state }: DataCenterCall): string {
  const name = params.groupName ?? "";
  const group = state.groups.get(name);
  if (group === undefined) throw new Refusal(404, `No group found with name : ${name}`);
  return group.name;
}
