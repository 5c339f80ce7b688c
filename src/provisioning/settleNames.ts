import type { NameRules } from "../confluence/NameRules.js";
import type { Change } from "./Change.js";

/** A change as a caller asks for it, its groups and classes named as everything that is read names them. */
export function settleNames(names: NameRules, change: Change): Change {
  if ("groupId" in change) return { ...change, groupId: names.groupId(change.groupId) };
  return { ...change, principal: names.principal(change.principal) };
}
