import type { ConfluenceSite } from "../confluence/port.js";
import { groupSpelling } from "../domain/groupSpelling.js";
import type { GroupId } from "../domain/ids.js";

/** Names a group as a place of changes, however its id is spelled. */
export function groupKey({ siteId, deployment }: ConfluenceSite, groupId: GroupId): string {
  return JSON.stringify([siteId, "group", groupSpelling(deployment, groupId)]);
}
