import type { Group, GroupManager, GroupUsage } from "../../domain/Group.js";
import type { GroupId } from "../../domain/ids.js";
import type { GroupWire } from "./wire/groupWire.js";

const managers: ReadonlySet<string> = new Set<GroupManager>(["ADMINS", "EXTERNAL", "TEAM_MEMBERS", "OPEN"]);
const usages: ReadonlySet<string> = new Set<GroupUsage>(["USERBASE_GROUP", "TEAM_COLLABORATION"]);

/** A v1 group as a group; words that are not documented are kept beside `UNKNOWN`. */
export function mapGroup(group: GroupWire): Group {
  const managedBy = group.managedBy ?? null;
  const usage = group.usageType ?? null;
  return {
    groupId: group.id as GroupId,
    name: group.name,
    managedBy: managedBy !== null && managers.has(managedBy) ? (managedBy as GroupManager) : "UNKNOWN",
    reportedManager: managedBy,
    usage: usage !== null && usages.has(usage) ? (usage as GroupUsage) : "UNKNOWN",
    reportedUsage: usage,
  };
}
