import type { Complete } from "../../domain/Complete.js";
import type { Group } from "../../domain/Group.js";
import type { GroupId } from "../../domain/ids.js";
import type { Found } from "../Found.js";
import { fetchEach } from "../fetchEach.js";
import { pageSizes } from "../pageSizes.js";
import type { DataCenterContext } from "./DataCenterContext.js";
import { pathName } from "./pathName.js";
import { groupWire } from "./wire/groupWire.js";

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
      pageSize: pageSizes.dataCenterGroups,
      missing: (count) => `groups in group ${id} after the first ${count}`,
    });
    return { ...list, items: list.items.map((row) => groups.meet(row)) };
  });
}
