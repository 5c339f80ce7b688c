import { type Complete, knownEmpty, withItems } from "../domain/Complete.js";
import { type MembershipGrant, membershipKey, type NestingGrant, nestingKey } from "../domain/Grant.js";
import type { AccountId, GroupId } from "../domain/ids.js";
import { isOfKind, outcomeOf } from "../domain/SiteError.js";
import { compareText } from "../domain/textOrder.js";
import type { SiteLoaders } from "../loaders/engine/SiteLoaders.js";
import { groupChildren, groupParents } from "../loaders/groups.js";
import { readGroupMembers } from "./groupMembers.js";
import { readAccountGroups, readCurrentGroups } from "./groups.js";
import { ReadingParts } from "./ReadingParts.js";

/** An account in a group, or a group in a group. */
export type Membership = MembershipGrant | NestingGrant;

/** Whose memberships are wanted: each costs calls of its own. */
export interface WantedMembers {
  readonly accounts: boolean;
  readonly groups: boolean;
}

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

/** The memberships of some groups, as grants: of accounts, and of groups where the site nests them. */
export async function readMembershipsOfGroups(
  loaders: SiteLoaders,
  groupIds: readonly GroupId[],
  wanted: WantedMembers,
): Promise<Complete<Membership>> {
  const parts = new ReadingParts(loaders.store.clock.now());
  return parts.finish(await takeMemberships(parts, loaders, groupIds, wanted));
}

/** The memberships of one account, as grants. */
export async function readMembershipsOfAccount(
  loaders: SiteLoaders,
  accountId: AccountId,
): Promise<Complete<Membership>> {
  const parts = new ReadingParts(loaders.store.clock.now());
  const groups = await outcomeOf(readAccountGroups(loaders, accountId));
  const read = asGrants(groups, (groupId, asOfMs) => membershipGrant(loaders, groupId, accountId, asOfMs));
  return parts.finish(parts.take(`groups of account ${accountId}`, read));
}

/**
 * The groups that one group is a direct member of, as grants: one call where the site can be asked so, else the child groups
 * of all groups, inverted. None where groups hold accounts only.
 */
export async function readMembershipsOfGroup(loaders: SiteLoaders, groupId: GroupId): Promise<Complete<NestingGrant>> {
  const { groups } = loaders.store.site;
  if (groups.childrenOf === null) return knownEmpty(loaders.store.clock.now());
  if (groups.parentsOf === null) return readFromChildren(loaders, groupId);
  const parents = await outcomeOf(loaders.of(groupParents).get(groupId));
  if (isOfKind(parents, "Unsupported")) return readFromChildren(loaders, groupId);
  const parts = new ReadingParts(loaders.store.clock.now());
  const read = asGrants(parents, (parentId, asOfMs) => nestingGrant(loaders, parentId, groupId, asOfMs));
  return parts.finish(parts.take(`groups that group ${groupId} is in`, read));
}

async function readFromChildren(loaders: SiteLoaders, groupId: GroupId): Promise<Complete<NestingGrant>> {
  const groups = await readCurrentGroups(loaders);
  const parts = new ReadingParts(loaders.store.clock.now());
  const groupIds = parts.take("groups", groups).map((item) => item.groupId);
  const all = await takeMemberships(parts, loaders, groupIds.sort(compareText), {
    accounts: false,
    groups: true,
  });
  return parts.finish(
    all.filter((grant) => grant.kind === "nesting" && grant.memberGroupId === groupId) as NestingGrant[],
  );
}

async function takeMemberships(
  parts: ReadingParts,
  loaders: SiteLoaders,
  groupIds: readonly GroupId[],
  wanted: WantedMembers,
): Promise<Membership[]> {
  const asksForGroups = wanted.groups && loaders.store.site.groups.childrenOf !== null;
  const [lists, children] = await Promise.all([
    wanted.accounts ? readGroupMembers(loaders, groupIds) : [],
    asksForGroups ? loaders.of(groupChildren).getMany(groupIds) : [],
  ]);
  const found: Membership[] = [];
  groupIds.forEach((groupId, index) => {
    if (wanted.accounts) {
      const members = asGrants(lists[index], (accountId, asOfMs) =>
        membershipGrant(loaders, groupId, accountId, asOfMs),
      );
      for (const grant of parts.take(`members of group ${groupId}`, members)) found.push(grant);
    }
    if (asksForGroups) {
      const groups = asGrants(children[index], (childId, asOfMs) => nestingGrant(loaders, groupId, childId, asOfMs));
      for (const grant of parts.take(`groups in group ${groupId}`, groups)) found.push(grant);
    }
  });
  return found;
}

function asGrants<T, G>(
  list: Complete<T> | null | undefined | Error,
  grantOf: (item: T, asOfMs: number) => G,
): Complete<G> | null | Error {
  if (list === null || list === undefined || list instanceof Error) return list ?? null;
  return withItems(
    list,
    list.items.map((item) => grantOf(item, list.asOfMs)),
  );
}
