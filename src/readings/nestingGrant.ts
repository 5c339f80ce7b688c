import type { NestingGrant } from "../domain/Grant.js";
import { nestingKey } from "../domain/grantKey.js";
import type { GroupId } from "../domain/ids.js";
import type { SiteLoaders } from "../loaders/SiteLoaders.js";

/** A group in a group as a grant. */
export function nestingGrant(
  loaders: SiteLoaders,
  groupId: GroupId,
  memberGroupId: GroupId,
  asOfMs: number,
): NestingGrant {
  const { siteId } = loaders.store.site;
  return { kind: "nesting", siteId, groupId, memberGroupId, key: nestingKey(groupId, memberGroupId), asOfMs };
}
