import { z } from "zod";
import type { Complete } from "../../domain/Complete.js";
import type { AccountId, GroupId } from "../../domain/ids.js";
import type { Group } from "../../domain/Principal.js";
import { SiteError } from "../../domain/SiteError.js";
import { type Found, fetchEach, lookUpEach, type Take } from "../fetchMany.js";
import type { ListedAccount } from "../port.js";
import { readListedAccounts } from "./accounts.js";
import type { DataCenterContext } from "./context.js";
import { dataCenterLimits } from "./limits.js";
import { groupIdOf, objectionToPathName, pathName } from "./names.js";
import { groupWire } from "./wire.js";

/** Every group of the site. */
export async function fetchGroupList({ client, groups }: DataCenterContext): Promise<Complete<Group>> {
  const list = await client.listPages({
    call: "GET /rest/api/group",
    path: "/rest/api/group",
    row: groupWire,
    pageSize: dataCenterLimits.groups,
    missing: (count) => `groups after the first ${count}`,
  });
  return { ...list, items: list.items.map((row) => groups.learn(row)) };
}

/** Groups by name, one call each. Names that no path takes are looked for in the list of all groups, read once. */
export async function fetchGroupsByIds(
  context: DataCenterContext,
  ids: readonly GroupId[],
): Promise<Found<GroupId, Group>> {
  let list: ReturnType<typeof fetchGroupList> | null = null;
  return lookUpEach(ids, context.client.concurrency, async (id) => {
    const groupId = groupIdOf(id);
    if (objectionToPathName("group", groupId) === null) return fetchGroup(context, groupId);
    list ??= fetchGroupList(context);
    const { items, gaps } = await list;
    const group = items.find((item) => item.groupId === groupId);
    if (group !== undefined) return group;
    const call = "GET /rest/api/group";
    const [gap] = gaps;
    if (gap === undefined) throw new SiteError("NotVisible", `${call} does not list the group.`, { call });
    throw new SiteError(gap.kind, `The group may stand in what was not read of the list: ${gap.reason}`, { call });
  });
}

export const groupCall = "GET /rest/api/group/{groupName}";

async function fetchGroup({ client, groups }: DataCenterContext, id: GroupId): Promise<Group> {
  const path = `/rest/api/group/${pathName("group", groups.nameOf(id), groupCall)}`;
  return groups.learn(await client.fetchOne({ method: "GET", call: groupCall, path }, groupWire));
}

/**
 * The members of groups with their facts, one chain of pages each. Whether those of child groups are among them differs by
 * directory and version. A group whose name no path takes cannot be asked for (`Unsupported`).
 */
export function fetchMembersOf(
  { client, groups }: DataCenterContext,
  ids: readonly GroupId[],
  take?: Take<GroupId, Complete<ListedAccount>>,
): Promise<Found<GroupId, Complete<ListedAccount>>> {
  const call = "GET /rest/api/group/{groupName}/member";
  const fetchOne = async (id: GroupId) => {
    const list = await client.listPages({
      call,
      path: `/rest/api/group/${pathName("group", groups.nameOf(id), call)}/member`,
      query: { expand: "status" },
      row: z.unknown(),
      pageSize: dataCenterLimits.users,
      missing: (count) => `members of group ${id} after the first ${count}`,
    });
    return readListedAccounts(list, { call, what: `members of group ${id}` });
  };
  return fetchEach(ids, client.concurrency, fetchOne, take);
}

/** The groups that are direct members of groups, one chain of pages each. */
export function fetchChildGroups(
  { client, groups }: DataCenterContext,
  ids: readonly GroupId[],
): Promise<Found<GroupId, Complete<Group>>> {
  const call = "GET /rest/api/group/{groupName}/groupmember";
  return fetchEach(ids, client.concurrency, async (id) => {
    const list = await client.listPages({
      call,
      path: `/rest/api/group/${pathName("group", groups.nameOf(id), call)}/groupmember`,
      row: groupWire,
      pageSize: dataCenterLimits.groups,
      missing: (count) => `groups in group ${id} after the first ${count}`,
    });
    return { ...list, items: list.items.map((row) => groups.meet(row)) };
  });
}

/** The groups that groups are direct members of, one chain of pages each. `Unsupported` for every group where the site has no such call. */
export function fetchParentGroups(
  { client, features, groups }: DataCenterContext,
  ids: readonly GroupId[],
): Promise<Found<GroupId, Complete<Group>>> {
  const call = "GET /rest/api/group/{groupName}/groupparent";
  return fetchEach(ids, client.concurrency, async (id) => {
    const path = `/rest/api/group/${pathName("group", groups.nameOf(id), call)}/groupparent`;
    const list = await features.whereOffered("groupParents", () =>
      client.listPages({
        call,
        path,
        row: groupWire,
        pageSize: dataCenterLimits.groups,
        missing: (count) => `groups that hold group ${id} after the first ${count}`,
      }),
    );
    return { ...list, items: list.items.map((row) => groups.meet(row)) };
  });
}

/** The groups of accounts, one chain of pages each. */
export function fetchGroupsOfAccounts(
  { client, groups }: DataCenterContext,
  ids: readonly AccountId[],
): Promise<Found<AccountId, Complete<Group>>> {
  // An empty key would be a 400, and is nobody's.
  const asked = ids.filter((id) => id !== "");
  return fetchEach(asked, client.concurrency, async (key) => {
    const list = await client.listPages({
      call: "GET /rest/api/user/memberof",
      path: "/rest/api/user/memberof",
      query: { key },
      row: groupWire,
      pageSize: dataCenterLimits.groups,
      missing: (count) => `groups of account ${key} after the first ${count}`,
    });
    return { ...list, items: list.items.map((row) => groups.meet(row)) };
  });
}
