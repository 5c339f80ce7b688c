import type { GraphQLResolveInfo } from "graphql";
import type { GroupId } from "../../domain/ids.js";
import type { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import { connectionPaths } from "../selection/connectionPaths.js";
import type { GroupNode } from "../types/GroupNode.js";
import { groupNode } from "./groupNode.js";

/** The groups of one page of a connection; their facts are read together, and only when the query selects any. */
export function groupNodes(
  loaders: SiteLoaders,
  ids: readonly GroupId[],
  info: GraphQLResolveInfo,
): Promise<GroupNode[]> {
  return Promise.all(ids.map((id) => groupNode(loaders, id, info, connectionPaths)));
}
