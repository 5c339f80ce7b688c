import type { Complete } from "../../domain/Complete.js";
import type { Group } from "../../domain/Group.js";
import type { AccountId } from "../../domain/ids.js";
import type { Found } from "../Found.js";
import { fetchEach } from "../fetchEach.js";
import { pageSizes } from "../pageSizes.js";
import type { DataCenterContext } from "./DataCenterContext.js";
import { groupWire } from "./wire/groupWire.js";

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
      pageSize: pageSizes.dataCenterGroups,
      missing: (count) => `groups of account ${key} after the first ${count}`,
    });
    return { ...list, items: list.items.map((row) => groups.meet(row)) };
  });
}
