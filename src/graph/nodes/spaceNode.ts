import type { GraphQLResolveInfo } from "graphql";
import type { SpaceId } from "../../domain/ids.js";
import { SiteError } from "../../domain/SiteError.js";
import type { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
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
  const facts = loaders.of(space).get(id);
  if (!(facts instanceof Promise)) return new SpaceNode(loaders, id, facts);
  return facts.then(
    (known) => new SpaceNode(loaders, id, known),
    (error: unknown) => {
      if (error instanceof SiteError) return new SpaceNode(loaders, id, error);
      throw error;
    },
  );
}
