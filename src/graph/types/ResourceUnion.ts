import { createUnionType } from "type-graphql";
import { GroupNode } from "./GroupNode.js";
import { SpaceNode } from "./SpaceNode.js";

export const ResourceUnion = createUnionType({
  name: "Resource",
  description: "What a grant is on: the group of a membership, or a space.",
  types: () => [GroupNode, SpaceNode] as const,
});
