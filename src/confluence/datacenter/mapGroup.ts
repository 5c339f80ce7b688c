import type { Group } from "../../domain/Group.js";
import type { GroupId } from "../../domain/ids.js";

/** A group by its name, which is its id. Nothing says who manages it or what it is for. */
export function mapGroup({ name }: { readonly name: string }): Group {
  return {
    groupId: name as GroupId,
    name,
    managedBy: "UNKNOWN",
    reportedManager: null,
    usage: "UNKNOWN",
    reportedUsage: null,
  };
}
