import { Field, ObjectType } from "type-graphql";
import { AccountNode } from "./AccountNode.js";
import { GroupNode } from "./GroupNode.js";

@ObjectType("GroupMember", {
  simpleResolvers: true,
  description: "Somebody whom a group reaches, and the way by which it does.",
})
export class GroupMemberNode {
  readonly __typename = "GroupMember";

  @Field(() => AccountNode, { description: "Who." })
  readonly account: AccountNode;

  @Field(() => [GroupNode], {
    description:
      "From the group that holds the account directly up to the group asked for. One group for a direct member. Of several ways this is the shortest; of equally short ones the first by group ids.",
  })
  readonly path: readonly GroupNode[];

  @Field(() => Boolean, { description: "Whether the account is a direct member, whatever other ways there are." })
  readonly isDirect: boolean;

  constructor(account: AccountNode, path: readonly GroupNode[]) {
    this.account = account;
    this.path = path;
    this.isDirect = path.length === 1;
  }
}
