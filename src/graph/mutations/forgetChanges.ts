import type { AccountId, GroupId } from "../../domain/ids.js";
import { groupMembers } from "../../loaders/groupMembers.js";
import type { SiteLoaders } from "../../loaders/SiteLoaders.js";
import { spaceGrants } from "../../loaders/spaceGrants.js";
import type { Change } from "../../provisioning/Change.js";
import { groupsAbove } from "../../provisioning/groupsAbove.js";
import { forgetMembers } from "./forgetMembers.js";

/** What this request read before some changes must not answer for them afterwards. */
export function forgetChanges(loaders: SiteLoaders, changes: readonly Change[]): void {
  const groupIds = new Set<GroupId>();
  const accountIds = new Set<AccountId>();
  for (const change of changes) {
    if ("groupId" in change) {
      groupIds.add(change.groupId);
      accountIds.add(change.accountId);
    } else loaders.of(spaceGrants).clear(change.spaceId);
  }
  const members = loaders.of(groupMembers);
  for (const groupId of [...groupIds, ...groupsAbove(loaders.store, [...groupIds])]) members.clear(groupId);
  forgetMembers(loaders, [...accountIds]);
  loaders.forgetComputed();
}
