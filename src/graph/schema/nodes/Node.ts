import { Field, ID, InterfaceType } from "type-graphql";

@InterfaceType("Node", {
  description:
    'Whatever has an `id` of its own: `node` and `nodes` answer it by that (Relay). Example: `node(id: "…") { __typename id }`.',
})
export abstract class Node {
  @Field(() => ID, { description: "Opaque global id, the same in every answer." })
  readonly id!: string;
}
