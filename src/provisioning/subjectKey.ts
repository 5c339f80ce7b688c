import { principalKey } from "../domain/principalKey.js";
import type { Change } from "./Change.js";

/** Names whom a change is about, and where: two changes with one key must happen in order. */
export function subjectKey(change: Change): string {
  return "groupId" in change
    ? JSON.stringify(["group", change.groupId, change.accountId])
    : JSON.stringify(["space", change.spaceId, principalKey(change.principal)]);
}
