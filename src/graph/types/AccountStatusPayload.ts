import { Field, ObjectType } from "type-graphql";
import { type AccountNode as Account, AccountNode } from "../account/AccountNode.js";
import { AccountRemovalNode, type AccountRemovalNode as Removal } from "./AccountRemovalNode.js";
import { ChangeOutcome, ChangeReach } from "./changeEnums.js";
import { UserErrorNode } from "./UserErrorNode.js";

/** What suspending, restoring and removing an account have in common; the schema shows a type for each. */
@ObjectType({ simpleResolvers: true })
export class AccountStatusPayload {
  @Field(() => ChangeOutcome, {
    description:
      "How it ended: `REPLACED` when it was suspended or restored, `REMOVED`, `ALREADY_EXISTS` when it was so already, `NOT_PRESENT` when there was nothing to remove, `STARTED` when a Data Center site still works on the removal.",
  })
  readonly outcome: string;

  @Field(() => [UserErrorNode], { description: "Why it was not carried out. Empty when it was." })
  readonly userErrors: UserErrorNode[];

  @Field(() => [String], { description: "The calls that were planned." })
  readonly plan: readonly string[];

  @Field(() => [String], {
    description:
      "Every resource of the organization that the account may use and that the change reaches: those it had before, and those it has after. Of a suspended account the organization lists none until it is restored. Empty on Data Center, where nothing beyond the site is reached. Example: `ari:cloud:confluence::site/…`.",
  })
  readonly affectedResources: readonly string[];

  @Field(() => AccountNode, {
    nullable: true,
    description: "The account as read back. Null where the input could not be understood.",
  })
  readonly account: Account | null;

  @Field(() => AccountRemovalNode, {
    nullable: true,
    description:
      "The removal that a Data Center site accepted and carries out in its own time: a call waits for it for 20 seconds at most. Null where none was started.",
  })
  readonly removal: Removal | null;

  @Field(() => [ChangeReach], {
    description:
      "How far the plan goes beyond what it names: what acknowledgements are asked for. A dry run tells it without them. Empty when it reaches nothing else, and when nothing was planned. Example: `[ORGANIZATION_WIDE]`.",
  })
  readonly reach: readonly string[];

  constructor(facts: AccountStatusPayload) {
    this.outcome = facts.outcome;
    this.userErrors = facts.userErrors;
    this.plan = facts.plan;
    this.reach = facts.reach;
    this.affectedResources = facts.affectedResources;
    this.account = facts.account;
    this.removal = facts.removal;
  }
}

@ObjectType({
  simpleResolvers: true,
  description: "What became of suspending an account: in its organization, on Data Center on its site.",
})
export class SuspendAccountPayload extends AccountStatusPayload {}

@ObjectType({
  simpleResolvers: true,
  description: "What became of ending the suspension of an account: in its organization, on Data Center on its site.",
})
export class RestoreAccountPayload extends AccountStatusPayload {}

@ObjectType({
  simpleResolvers: true,
  description: "What became of removing an account: from its organization, on Data Center from its site.",
})
export class RemoveAccountPayload extends AccountStatusPayload {}
