import type { Complete } from "../domain/Complete.js";
import type { MembershipGrant } from "../domain/Grant.js";
import type { AccountId, GroupId } from "../domain/ids.js";
import { groupList } from "./groupList.js";
import { groupMembers } from "./groupMembers.js";
import { membershipGrant } from "./membershipGrant.js";
import { onlyOne } from "./onlyOne.js";
import { ReadingParts } from "./ReadingParts.js";
import { readAccountGroups } from "./readAccountGroups.js";
import type { SiteLoaders } from "./SiteLoaders.js";
import { settle } from "./settle.js";

/** The memberships of some groups, as grants. */
export async function readMembershipsOfGroups(
  loaders: SiteLoaders,
  groupIds: readonly GroupId[],
): Promise<Complete<MembershipGrant>> {
  const parts = new ReadingParts<MembershipGrant>(loaders.store.clock.now());
  const lists = await loaders.of(groupMembers).getMany(groupIds);
  groupIds.forEach((groupId, index) => {
    const list = lists[index] ?? null;
    parts.add(
      `members of group ${groupId}`,
      list === null || list instanceof Error
        ? list
        : { ...list, items: list.items.map((accountId) => membershipGrant(loaders, groupId, accountId, list.asOfMs)) },
    );
  });
  return parts.finish();
}

/** The memberships of every group of the site, as grants. */
export async function readAllMemberships(loaders: SiteLoaders): Promise<Complete<MembershipGrant>> {
  const list = await loaders.of(groupList).get(onlyOne);
  const ids = list?.items.map((item) => item.groupId).sort() ?? [];
  const members = await readMembershipsOfGroups(loaders, ids);
  return { ...members, gaps: [...(list?.gaps ?? []), ...members.gaps] };
}

/** The memberships of one account, as grants. */
export async function readMembershipsOfAccount(
  loaders: SiteLoaders,
  accountId: AccountId,
): Promise<Complete<MembershipGrant>> {
  const parts = new ReadingParts<MembershipGrant>(loaders.store.clock.now());
  const groups = await settle(readAccountGroups(loaders, accountId));
  parts.add(
    `groups of account ${accountId}`,
    groups === null || groups instanceof Error
      ? groups
      : {
          ...groups,
          items: groups.items.map((groupId) => membershipGrant(loaders, groupId, accountId, groups.asOfMs)),
        },
  );
  return parts.finish();
}
