import type { GraphQLResolveInfo } from "graphql";
import type { SpaceId } from "../../domain/ids.js";
import type { SiteError } from "../../domain/SiteError.js";
import type { Space } from "../../domain/Space.js";
import { type SiteLoaders, whenRead } from "../../loaders/engine/SiteLoaders.js";
import { space } from "../../loaders/spaces.js";
import { selectsBeyond } from "../selection/selectsBeyond.js";
import { SpaceNode } from "../types/SpaceNode.js";

/** The fields of a Space that are known from its id alone. */
const free: ReadonlySet<string> = new Set([
  "__typename",
  "id",
  "siteId",
  "spaceId",
  "site",
  "grants",
  "roleAssignments",
]);

/** One space; its facts are read only when the query selects any, synchronously where they are known. */
export function spaceNode(loaders: SiteLoaders, id: SpaceId, info: GraphQLResolveInfo): SpaceNode | Promise<SpaceNode> {
  if (!selectsBeyond(info, "Space", free)) return new SpaceNode(loaders, id, null);
  const node = (facts: Space | null | SiteError) => new SpaceNode(loaders, id, facts);
  return whenRead(loaders.of(space).get(id), node, node);
}
