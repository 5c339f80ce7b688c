import { z } from "zod";
import type { Complete } from "../../domain/Complete.js";
import type { GroupId } from "../../domain/ids.js";
import type { Found } from "../Found.js";
import { fetchEach } from "../fetchEach.js";
import { pageSizes } from "../pageSizes.js";
import type { ListedAccount } from "../port.js";
import type { DataCenterContext } from "./DataCenterContext.js";
import { pathName } from "./pathName.js";
import { readListedAccounts } from "./readListedAccounts.js";

/**
 * The members of groups with their facts, one chain of pages each. Whether those of child groups are among them differs by
 * directory and version. A group whose name no path takes cannot be asked for (`Unsupported`).
 */
export function fetchMembersOf(
  { client, groups }: DataCenterContext,
  ids: readonly GroupId[],
): Promise<Found<GroupId, Complete<ListedAccount>>> {
  const call = "GET /rest/api/group/{groupName}/member";
  return fetchEach(ids, client.concurrency, async (id) => {
    const list = await client.listPages({
      call,
      path: `/rest/api/group/${pathName("group", groups.nameOf(id), call)}/member`,
      query: { expand: "status" },
      row: z.unknown(),
      pageSize: pageSizes.dataCenterUsers,
      missing: (count) => `members of group ${id} after the first ${count}`,
    });
    return readListedAccounts(list, { call, what: `members of group ${id}` });
  });
}
