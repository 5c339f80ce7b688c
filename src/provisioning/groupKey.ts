import type { GroupId, SiteId } from "../domain/ids.js";

/** Names a group as a place of changes: the names that are ids on Data Center compare whatever their case. */
export function groupKey(siteId: SiteId, groupId: GroupId): string {
  return JSON.stringify([siteId, "group", groupId.toLowerCase()]);
}
