import { type ClassType, Field, Int, ObjectType } from "type-graphql";
import { CompletenessNode } from "../completeness/CompletenessNode.js";
import { PageInfoNode, type PageShape } from "./Page.js";

/** The Relay connection and edge types of one node type. The runtime value is a `Page`. */
export function defineConnection<Node extends object>(
  name: string,
  nodeClass: () => ClassType<Node>,
): ClassType<PageShape<Node>> {
  @ObjectType(`${name}Edge`, { simpleResolvers: true, description: `One ${name} in a list, with its cursor.` })
  class Edge {
    @Field(() => String, { description: "Pass as `after` to continue behind this item. Good for this list alone." })
    readonly cursor!: string;

    @Field(nodeClass, { description: "The item." })
    readonly node!: Node;
  }

  @ObjectType(`${name}Connection`, {
    simpleResolvers: true,
    description: `A page of a list of ${name} items, and how far the list can be trusted.`,
  })
  class Connection implements PageShape<Node> {
    @Field(() => [Edge], {
      nullable: true,
      description:
        "The items with their cursors. Null, with an error, when nothing of the list could be read: an empty list always means that there are none.",
    })
    readonly edges!: PageShape<Node>["edges"];

    @Field(() => [nodeClass()], {
      nullable: true,
      description:
        "The items. Null, with an error, when nothing of the list could be read: an empty list always means that there are none.",
    })
    readonly nodes!: PageShape<Node>["nodes"];

    @Field(() => PageInfoNode, { description: "Where this page stands in the list." })
    readonly pageInfo!: PageInfoNode;

    @Field(() => Int, {
      nullable: true,
      description: "How many items the whole list holds; null when the list was not read whole.",
    })
    readonly totalCount!: number | null;

    @Field(() => CompletenessNode, {
      description: "Whether the list was read whole, and if not, what is missing and why.",
    })
    readonly completeness!: CompletenessNode;
  }

  return Connection;
}
