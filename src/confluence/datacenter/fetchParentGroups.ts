import type { Complete } from "../../domain/Complete.js";
import type { Group } from "../../domain/Group.js";
import type { GroupId } from "../../domain/ids.js";
import type { Found } from "../Found.js";
import { fetchEach } from "../fetchEach.js";
import { pageSizes } from "../pageSizes.js";
import type { DataCenterContext } from "./DataCenterContext.js";
import { pathName } from "./pathName.js";
import { groupWire } from "./wire/groupWire.js";

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
        pageSize: pageSizes.dataCenterGroups,
        missing: (count) => `groups that hold group ${id} after the first ${count}`,
      }),
    );
    return { ...list, items: list.items.map((row) => groups.meet(row)) };
  });
}
