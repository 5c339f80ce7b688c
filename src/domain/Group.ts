import type { GroupId } from "./ids.js";

export type GroupManager = "ADMINS" | "EXTERNAL" | "TEAM_MEMBERS" | "OPEN" | "UNKNOWN";
export type GroupUsage = "USERBASE_GROUP" | "TEAM_COLLABORATION" | "UNKNOWN";

/** A named set of accounts. */
export interface Group {
  readonly groupId: GroupId;
  readonly name: string;
  readonly managedBy: GroupManager;
  /** The upstream's own word for the manager, when it gave one. */
  readonly reportedManager: string | null;
  readonly usage: GroupUsage;
  readonly reportedUsage: string | null;
}
