import { Field, ObjectType } from "type-graphql";
import { type AccountNode as Account, AccountNode } from "../account/AccountNode.js";
import { defineEnum } from "../schema/enums.js";
import { AccessChangeNode } from "./AccessChangeNode.js";
import { AccountInvitationNode, type AccountInvitationNode as Invitation } from "./AccountInvitationNode.js";
import { ChangeOutcome, ChangeReach } from "./changeEnums.js";
import { UserErrorNode } from "./UserErrorNode.js";

export const AccountDecidedBy = defineEnum("AccountDecidedBy", "What an account was taken for a person's by.", {
  EMAIL:
    "The address: the account was made with it, or the site, its organization or the synchronised directory tells that it has it.",
  USERNAME:
    "Data Center: the name to sign in with alone, because the site tells no address of the account (before 10.2 most tell none).",
  ACCOUNT_ID:
    "The account that the organization named when it was asked to invite the address: it keeps the addresses of accounts that it does not manage to itself.",
});

@ObjectType({
  simpleResolvers: true,
  description: "What became of a person's account, and of what it was to be given.",
})
export class ProvisionAccountPayload {
  @Field(() => ChangeOutcome, {
    description:
      "How it ended for the account: `CREATED` when it was made, given access to the site or the product role, or invited now; `ALREADY_EXISTS` when it has access and the role, or an invitation is open. What was granted has outcomes of its own in `changes`.",
  })
  readonly outcome: string;

  @Field(() => [UserErrorNode], {
    description:
      "Why it was not carried out, or what is not done yet. Empty when all of the account is done; `changes` have errors of their own.",
  })
  readonly userErrors: UserErrorNode[];

  @Field(() => [String], {
    description: "The calls that were planned for the account. Those of each grant are in `changes`.",
  })
  readonly plan: readonly string[];

  @Field(() => AccountNode, {
    nullable: true,
    description: "The account; null while there is none, or none that can be told. Then see `invitation`.",
  })
  readonly account: Account | null;

  @Field(() => AccountDecidedBy, {
    nullable: true,
    description:
      "What says that `account` is the account of the person who was asked for. Null where `account` is. `EMAIL` is what a gateway may rely on; of `USERNAME` and `ACCOUNT_ID` nobody told the address, so it could not be compared.",
  })
  readonly decidedBy: string | null;

  @Field(() => AccountInvitationNode, {
    nullable: true,
    description: "The invitation that is open; null when none is.",
  })
  readonly invitation: Invitation | null;

  @Field(() => [AccessChangeNode], {
    description:
      "What became of each group and each access asked for, groups first, in the order asked; `field` of an error says which. Groups that went out with the invitation are in `invitation.groups` instead. What has to wait for the account fails with `ACCOUNT_PENDING`. Empty when the account itself failed.",
  })
  readonly changes: readonly AccessChangeNode[];

  @Field(() => String, {
    nullable: true,
    description:
      "The password that was generated for the account made now: told this once, and kept nowhere. Null unless `generatePassword` asked for one and the outcome is `CREATED`.",
  })
  readonly generatedPassword: string | null;

  @Field(() => [ChangeReach], {
    description:
      "How far the plan goes beyond what it names: what acknowledgements are asked for. A dry run tells it without them. Empty when it reaches nothing else, and when nothing was planned. Example: `[ORGANIZATION_WIDE]`.",
  })
  readonly reach: readonly string[];

  constructor(facts: ProvisionAccountPayload) {
    this.outcome = facts.outcome;
    this.userErrors = facts.userErrors;
    this.plan = facts.plan;
    this.reach = facts.reach;
    this.account = facts.account;
    this.decidedBy = facts.decidedBy;
    this.invitation = facts.invitation;
    this.changes = facts.changes;
    this.generatedPassword = facts.generatedPassword;
  }
}
