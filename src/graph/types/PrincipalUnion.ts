import { createUnionType } from "type-graphql";
import { AccessClassNode } from "./AccessClassNode.js";
import { AccountNode } from "./AccountNode.js";
import { GroupNode } from "./GroupNode.js";

export const PrincipalUnion = createUnionType({
  name: "Principal",
  description: "Who holds a grant.",
  types: () => [AccountNode, GroupNode, AccessClassNode] as const,
});
