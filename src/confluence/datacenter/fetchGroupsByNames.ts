import type { Group } from "../../domain/Group.js";
import type { GroupId } from "../../domain/ids.js";
import { SiteError } from "../../domain/SiteError.js";
import type { Found } from "../Found.js";
import { lookUpEach } from "../fetchEach.js";
import type { DataCenterContext } from "./DataCenterContext.js";
import { fetchGroupList } from "./fetchGroupList.js";
import { groupIdOf } from "./names/dataCenterNames.js";
import { objectionToPathName } from "./objectionToPathName.js";
import { pathName } from "./pathName.js";
import { groupWire } from "./wire/groupWire.js";

/** Groups by name, one call each. Names that no path takes are looked for in the list of all groups, read once. */
export async function fetchGroupsByNames(
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

async function fetchGroup({ client, groups }: DataCenterContext, id: GroupId): Promise<Group> {
  const call = "GET /rest/api/group/{groupName}";
  const path = `/rest/api/group/${pathName("group", groups.nameOf(id), call)}`;
  return groups.learn(await client.fetchOne({ method: "GET", call, path }, groupWire));
}
