import { type Complete, withItems } from "../../domain/Complete.js";
import type { AccountId, GroupId } from "../../domain/ids.js";
import type { Group, GroupManager, GroupUsage } from "../../domain/Principal.js";
import { type Found, fetchEach, lookUpEach, type Take } from "../fetchMany.js";
import type { ListedAccount } from "../port.js";
import { listedAccount } from "./accounts.js";
import type { CloudClient } from "./client.js";
import { cloudLimits } from "./limits.js";
import { type GroupWire, groupsWire, groupWire, type MemberWire, membersWire } from "./wire.js";

/** Every group of the site; on some organizations those of sibling sites too. */
export async function fetchGroupList(client: CloudClient): Promise<Complete<Group>> {
  const list = await client.listByStart({
    call: "GET /wiki/rest/api/group",
    path: "/wiki/rest/api/group",
    shape: groupsWire,
    pageSize: cloudLimits.groups,
    missing: (count) => `groups after the first ${count}`,
  });
  return withItems(list, list.items.map(mapGroup));
}

/** The groups that Confluence itself lists as those of administrators: of Confluence (`admin`), or of the site (`site-admin`). */
export async function fetchAdminGroups(
  client: CloudClient,
  accessType: "admin" | "site-admin",
): Promise<Complete<GroupId>> {
  const list = await client.listByStart({
    call: "GET /wiki/rest/api/group",
    path: "/wiki/rest/api/group",
    query: { accessType },
    shape: groupsWire,
    pageSize: cloudLimits.groups,
    missing: (count) => `groups of administrators after the first ${count}`,
  });
  return withItems(
    list,
    list.items.map((group) => group.id as GroupId),
  );
}

export const groupCall = "GET /wiki/rest/api/group/by-id";

/** Groups by id, one call each: there is no call for many. */
export function fetchGroupsByIds(client: CloudClient, ids: readonly GroupId[]): Promise<Found<GroupId, Group>> {
  return lookUpEach(ids, client.concurrency, async (id) => {
    return mapGroup(
      await client.fetchOne(
        { method: "GET", call: groupCall, path: "/wiki/rest/api/group/by-id", query: { id } },
        groupWire,
      ),
    );
  });
}

/** The members of groups, one chain of pages each. */
export function fetchMembersOf(
  client: CloudClient,
  ids: readonly GroupId[],
  take?: Take<GroupId, Complete<ListedAccount>>,
): Promise<Found<GroupId, Complete<ListedAccount>>> {
  // Whoever is in many groups is told in many lists, and is one account all the same.
  const told = new Map<string, ListedAccount>();
  const tell = (member: MemberWire): ListedAccount => {
    const known = told.get(member.accountId) ?? listedAccount(client, member);
    told.set(member.accountId, known);
    return known;
  };
  const fetchOne = async (id: GroupId) => {
    const list = await client.listByStart({
      call: "GET /wiki/rest/api/group/{groupId}/membersByGroupId",
      path: `/wiki/rest/api/group/${encodeURIComponent(id)}/membersByGroupId`,
      shape: membersWire,
      pageSize: cloudLimits.groupMembers,
      missing: (count) => `members of group ${id} after the first ${count}`,
    });
    return withItems(list, list.items.map(tell));
  };
  return fetchEach(ids, client.concurrency, fetchOne, take);
}

/** The groups of accounts, one chain of pages each; the answer names no next page. */
export function fetchGroupsOfAccounts(
  client: CloudClient,
  ids: readonly AccountId[],
): Promise<Found<AccountId, Complete<Group>>> {
  return fetchEach(ids, client.concurrency, async (accountId) => {
    const list = await client.listByOffset({
      call: "GET /wiki/rest/api/user/memberof",
      path: "/wiki/rest/api/user/memberof",
      query: { accountId },
      shape: groupsWire,
      idOf: ({ id }) => id,
      pageSize: cloudLimits.groups,
      missing: (count) => `groups of account ${accountId} after the first ${count}`,
    });
    return withItems(list, list.items.map(mapGroup));
  });
}

const managers: ReadonlySet<string> = new Set<GroupManager>(["ADMINS", "EXTERNAL", "TEAM_MEMBERS", "OPEN"]);
const usages: ReadonlySet<string> = new Set<GroupUsage>(["USERBASE_GROUP", "TEAM_COLLABORATION"]);

/** A v1 group as a group; words that are not documented are kept beside `UNKNOWN`. */
export function mapGroup(group: GroupWire): Group {
  const managedBy = group.managedBy ?? null;
  const usage = group.usageType ?? null;
  const manager = managedBy?.toUpperCase() ?? "";
  const knownUsage = usage?.toUpperCase() ?? "";
  return {
    groupId: group.id as GroupId,
    name: group.name,
    managedBy: managers.has(manager) ? (manager as GroupManager) : "UNKNOWN",
    reportedManager: managedBy,
    usage: usages.has(knownUsage) ? (knownUsage as GroupUsage) : "UNKNOWN",
    reportedUsage: usage,
  };
}
