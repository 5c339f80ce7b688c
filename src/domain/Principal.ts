import type { AccountId, GroupId } from "./ids.js";

/**
 * Who holds a grant, as Confluence names it. A principal that is neither an account nor a group is a class that stands
 * for many: `anonymous-users`, `all-licensed-users`, a type that came after this was written. `reportedType` is the
 * upstream's own word for it, kept so that nothing unknown is dropped.
 */
export type Principal =
  | { readonly kind: "account"; readonly accountId: AccountId }
  | { readonly kind: "group"; readonly groupId: GroupId }
  | { readonly kind: "accessClass"; readonly classId: string; readonly reportedType: string };

/** One string for one principal: equal exactly when two rows name the same one. */
export function principalKey(principal: Principal): string {
  switch (principal.kind) {
    case "account":
      return `account\u0000${principal.accountId}`;
    case "group":
      return `group\u0000${principal.groupId}`;
    case "accessClass":
      return `class\u0000${principal.reportedType}\u0000${principal.classId}`;
  }
}

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
