import type { Complete } from "../domain/Complete.js";
import { compareCodePoints } from "../domain/compareCodePoints.js";
import type { MembershipGrant, NestingGrant } from "../domain/Grant.js";
import type { AccountId, GroupId } from "../domain/ids.js";
import { groupChildren } from "../loaders/groupChildren.js";
import { groupList } from "../loaders/groupList.js";
import { onlyOne } from "../loaders/onlyOne.js";
import type { SiteLoaders } from "../loaders/SiteLoaders.js";
import { settle } from "../loaders/settle.js";
import { membershipGrant } from "./membershipGrant.js";
import { nestingGrant } from "./nestingGrant.js";
import { ReadingParts } from "./ReadingParts.js";
import { readAccountGroups } from "./readAccountGroups.js";
import { readGroupMembers } from "./readGroupMembers.js";

/** An account in a group, or a group in a group. */
export type Membership = MembershipGrant | NestingGrant;

/** Whose memberships are wanted: each costs calls of its own. */
export interface WantedMembers {
  readonly accounts: boolean;
  readonly groups: boolean;
}

/** The memberships of some groups, as grants: of accounts, and of groups where the site nests them. */
export async function readMembershipsOfGroups(
  loaders: SiteLoaders,
  groupIds: readonly GroupId[],
  wanted: WantedMembers,
): Promise<Complete<Membership>> {
  const parts = new ReadingParts<Membership>(loaders.store.clock.now());
  const asksForGroups = wanted.groups && mayNest(loaders);
  const [lists, children] = await Promise.all([
    wanted.accounts ? readGroupMembers(loaders, groupIds) : [],
    asksForGroups ? loaders.of(groupChildren).getMany(groupIds) : [],
  ]);
  groupIds.forEach((groupId, index) => {
    if (wanted.accounts) {
      parts.add(
        `members of group ${groupId}`,
        asGrants(lists[index], (accountId, asOfMs) => membershipGrant(loaders, groupId, accountId, asOfMs)),
      );
    }
    if (asksForGroups) {
      parts.add(
        `groups in group ${groupId}`,
        asGrants(children[index], (childId, asOfMs) => nestingGrant(loaders, groupId, childId, asOfMs)),
      );
    }
  });
  return parts.finish();
}

/** The memberships of every group of the site, as grants. */
export async function readAllMemberships(loaders: SiteLoaders, wanted: WantedMembers): Promise<Complete<Membership>> {
  const list = await loaders.of(groupList).get(onlyOne);
  const ids = list?.items.map((item) => item.groupId).sort(compareCodePoints) ?? [];
  const members = await readMembershipsOfGroups(loaders, ids, wanted);
  return { ...members, gaps: [...(list?.gaps ?? []), ...members.gaps] };
}

/** The memberships of one account, as grants. */
export async function readMembershipsOfAccount(
  loaders: SiteLoaders,
  accountId: AccountId,
): Promise<Complete<Membership>> {
  const parts = new ReadingParts<Membership>(loaders.store.clock.now());
  const groups = await settle(readAccountGroups(loaders, accountId));
  parts.add(
    `groups of account ${accountId}`,
    asGrants(groups, (groupId, asOfMs) => membershipGrant(loaders, groupId, accountId, asOfMs)),
  );
  return parts.finish();
}

function mayNest(loaders: SiteLoaders): boolean {
  return loaders.store.site.groups.childrenOf !== null;
}

function asGrants<T>(
  list: Complete<T> | null | undefined | Error,
  grantOf: (item: T, asOfMs: number) => Membership,
): Complete<Membership> | null | Error {
  if (list === null || list === undefined || list instanceof Error) return list ?? null;
  return { ...list, items: list.items.map((item) => grantOf(item, list.asOfMs)) };
}
