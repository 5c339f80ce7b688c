import type { Complete } from "../../domain/Complete.js";
import type { Group } from "../../domain/Group.js";
import { pageSizes } from "../pageSizes.js";
import type { DataCenterContext } from "./DataCenterContext.js";
import { groupWire } from "./wire/groupWire.js";

/** Every group of the site. */
export async function fetchGroupList({ client, groups }: DataCenterContext): Promise<Complete<Group>> {
  const list = await client.listPages({
    call: "GET /rest/api/group",
    path: "/rest/api/group",
    row: groupWire,
    pageSize: pageSizes.dataCenterGroups,
    missing: (count) => `groups after the first ${count}`,
  });
  return { ...list, items: list.items.map((row) => groups.learn(row)) };
}
