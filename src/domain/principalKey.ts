import type { Principal } from "./Principal.js";

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
