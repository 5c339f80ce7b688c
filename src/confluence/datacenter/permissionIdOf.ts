import type { Operation } from "../../domain/Operation.js";
import type { Principal } from "../../domain/Principal.js";
import { groupMark } from "./names/dataCenterNames.js";

/** What names a stored row, which has no id of its own: what is permitted, and to whom. Equal for equal rows alone. */
export function permissionIdOf(principal: Principal, { key, target }: Operation): string {
  return `${key}/${target}${holderOf(principal)}`;
}

function holderOf(principal: Principal): string {
  switch (principal.kind) {
    case "account":
      return `@account:${principal.accountId}`;
    case "group":
      return `${groupMark}${principal.groupId}`;
    case "accessClass":
      return `@class:${principal.reportedType}:${principal.classId}`;
  }
}
