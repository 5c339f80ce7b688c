import { type Complete, nothing } from "../domain/Complete.js";
import { compareCodePoints } from "../domain/compareCodePoints.js";
import type { NestingGrant } from "../domain/Grant.js";
import type { GroupId } from "../domain/ids.js";
import { SiteError } from "../domain/SiteError.js";
import { groupChildren } from "../loaders/groupChildren.js";
import { groupList } from "../loaders/groupList.js";
import { groupParents } from "../loaders/groupParents.js";
import { onlyOne } from "../loaders/onlyOne.js";
import type { SiteLoaders } from "../loaders/SiteLoaders.js";
import { settle } from "../loaders/settle.js";
import { nestingGrant } from "./nestingGrant.js";
import { ReadingParts } from "./ReadingParts.js";

/**
 * The groups that one group is a direct member of, as grants: one call where the site can be asked so, else the child groups
 * of all groups, turned round. None where groups hold accounts only.
 */
export async function readMembershipsOfGroup(loaders: SiteLoaders, groupId: GroupId): Promise<Complete<NestingGrant>> {
  const { groups } = loaders.store.site;
  if (groups.childrenOf === null) return nothing(loaders.store.clock.now());
  if (groups.parentsOf === null) return readFromChildren(loaders, groupId);
  const parents = await settle(loaders.of(groupParents).get(groupId));
  if (parents instanceof SiteError && parents.kind === "Unsupported") return readFromChildren(loaders, groupId);
  if (parents instanceof Error) throw parents;
  if (parents === null) return nothing(loaders.store.clock.now());
  const items = parents.items.map((parentId) => nestingGrant(loaders, parentId, groupId, parents.asOfMs));
  return { ...parents, items };
}

async function readFromChildren(loaders: SiteLoaders, groupId: GroupId): Promise<Complete<NestingGrant>> {
  const list = await loaders.of(groupList).get(onlyOne);
  const ids = list?.items.map((item) => item.groupId).sort(compareCodePoints) ?? [];
  const parts = new ReadingParts<NestingGrant>(loaders.store.clock.now());
  const children = await loaders.of(groupChildren).getMany(ids);
  ids.forEach((parentId, index) => {
    const read = children[index] ?? null;
    const isMember = read !== null && !(read instanceof Error) && read.items.includes(groupId);
    parts.add(
      `groups in group ${parentId}`,
      read === null || read instanceof Error
        ? read
        : { ...read, items: isMember ? [nestingGrant(loaders, parentId, groupId, read.asOfMs)] : [] },
    );
  });
  const read = parts.finish();
  return { ...read, gaps: [...(list?.gaps ?? []), ...read.gaps] };
}
