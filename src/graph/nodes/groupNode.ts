import type { GraphQLResolveInfo } from "graphql";
import type { GroupId } from "../../domain/ids.js";
import { type SiteLoaders, whenRead } from "../../loaders/engine/SiteLoaders.js";
import { group } from "../../loaders/groups.js";
import { selectsBeyond } from "../selection/selectsBeyond.js";
import { GroupNode } from "../types/GroupNode.js";

/** The fields of a Group that are known from its id alone. */
export const freeGroupFields: ReadonlySet<string> = new Set([
  "__typename",
  "id",
  "siteId",
  "groupId",
  "site",
  "members",
  "memberGroups",
  "allMembers",
  "grants",
]);

/** One group; its facts are read only when the query selects any, synchronously where they are known. */
export function groupNode(
  loaders: SiteLoaders,
  id: GroupId,
  info: GraphQLResolveInfo,
  paths: readonly (readonly string[])[] = [[]],
): GroupNode | Promise<GroupNode> {
  if (!selectsBeyond(info, "Group", freeGroupFields, paths)) return new GroupNode(loaders, id, null);
  return groupNodeWithFacts(loaders, id);
}

/** One group with its facts. */
export function groupNodeWithFacts(loaders: SiteLoaders, id: GroupId): GroupNode | Promise<GroupNode> {
  return whenRead(
    loaders.of(group).get(id),
    // A name that is an id compares whatever its case: what the site has is what names the group.
    (known) => new GroupNode(loaders, known?.groupId ?? id, known),
    (error) => new GroupNode(loaders, id, error),
  );
}
