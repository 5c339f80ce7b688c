import { Field, ObjectType } from "type-graphql";
import { type GroupNode as Group, GroupNode } from "../group/GroupNode.js";
import { defineEnum } from "../schema/enums.js";

export const InvitationStatus = defineEnum("InvitationStatus", "Where an invitation stands.", {
  INVITED: "It went out now.",
  PENDING: "It went out earlier and is not known to be accepted: nothing was sent now.",
});

@ObjectType("AccountInvitation", {
  simpleResolvers: true,
  description:
    "An invitation that was not accepted yet: the person has no access before. Repeating the mutation tells whether they came, and does then what is left.",
})
export class AccountInvitationNode {
  @Field(() => String, { description: "The e-mail address that was invited." })
  readonly email: string;

  @Field(() => InvitationStatus, { description: "Where it stands." })
  readonly status: string;

  @Field(() => [GroupNode], { description: "Groups that the person is in once the invitation is accepted." })
  readonly groups: readonly Group[];

  constructor(facts: AccountInvitationNode) {
    this.email = facts.email;
    this.status = facts.status;
    this.groups = facts.groups;
  }
}
