import { Field, ObjectType } from "type-graphql";
import type { AccountNode as Account } from "./AccountNode.js";
import { AccountNode } from "./AccountNode.js";
import { ChangeOutcome } from "./changeEnums.js";
import { UserErrorNode } from "./UserErrorNode.js";

@ObjectType({ simpleResolvers: true, description: "What became of an account in its organization." })
export class AccountStatusPayload {
  @Field(() => ChangeOutcome, {
    description:
      "How it ended: `REPLACED` when it was suspended or restored, `REMOVED`, `ALREADY_EXISTS` when it was so already, `NOT_PRESENT` when there was nothing to remove.",
  })
  readonly outcome: string;

  @Field(() => [UserErrorNode], { description: "Why it was not carried out. Empty when it was." })
  readonly userErrors: UserErrorNode[];

  @Field(() => [String], { description: "The calls that were planned." })
  readonly plan: readonly string[];

  @Field(() => [String], {
    description:
      "Every resource of the organization that the account may use and that the change reaches: those it had before, and those it has after. Of a suspended account the organization lists none until it is restored. Example: `ari:cloud:confluence::site/…`.",
  })
  readonly affectedResources: readonly string[];

  @Field(() => AccountNode, {
    nullable: true,
    description: "The account as read back. Null where the input could not be understood.",
  })
  readonly account: Account | null;

  constructor(facts: AccountStatusPayload) {
    this.outcome = facts.outcome;
    this.userErrors = facts.userErrors;
    this.plan = facts.plan;
    this.affectedResources = facts.affectedResources;
    this.account = facts.account;
  }
}
