import type { NameRules } from "../confluence/port.js";
import type { AskedChange } from "./Change.js";

/** A change as a caller asks for it, its groups and classes named as everything that is read names them. */
export function settleNames<C extends AskedChange>(names: NameRules, change: C): C {
  if ("groupId" in change) return { ...change, groupId: names.groupId(change.groupId) };
  if (change.kind === "revokeRow") return { ...change, permissionId: names.permissionId(change.permissionId) };
  return { ...change, principal: names.principal(change.principal) };
}
