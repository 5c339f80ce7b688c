import { createUnionType } from "type-graphql";
import { GroupNode } from "./GroupNode.js";
import { SiteNode } from "./SiteNode.js";
import { SpaceNode } from "./SpaceNode.js";

export const ResourceUnion = createUnionType({
  name: "Resource",
  description: "What a grant is on: the group of a membership, a space, or the site as a whole.",
  types: () => [GroupNode, SpaceNode, SiteNode] as const,
});
