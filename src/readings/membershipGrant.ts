import type { MembershipGrant } from "../domain/Grant.js";
import { membershipKey } from "../domain/grantKey.js";
import type { AccountId, GroupId } from "../domain/ids.js";
import type { SiteLoaders } from "../loaders/SiteLoaders.js";

/** A membership as a grant. */
export function membershipGrant(
  loaders: SiteLoaders,
  groupId: GroupId,
  accountId: AccountId,
  asOfMs: number,
): MembershipGrant {
  const { siteId } = loaders.store.site;
  return { kind: "membership", siteId, groupId, accountId, key: membershipKey(groupId, accountId), asOfMs };
}
