import { Field, ObjectType } from "type-graphql";
import { type AccountNode as Account, AccountNode } from "../account/AccountNode.js";
import { ChangeOutcome } from "./changeEnums.js";
import { UserErrorNode } from "./UserErrorNode.js";

@ObjectType({ simpleResolvers: true, description: "What became of an account's name and e-mail address." })
export class UpdateAccountPayload {
  @Field(() => ChangeOutcome, {
    description: "How it ended: `REPLACED`, or `ALREADY_EXISTS` when the account had all of it already.",
  })
  readonly outcome: string;

  @Field(() => [UserErrorNode], {
    description:
      "Why it was not carried out. `STATE_UNKNOWN` as well when it was accepted and the site does not tell the address, so that it cannot be read back.",
  })
  readonly userErrors: UserErrorNode[];

  @Field(() => [String], { description: "The calls that were planned." })
  readonly plan: readonly string[];

  @Field(() => AccountNode, {
    nullable: true,
    description: "The account as read back. Null where the input could not be understood.",
  })
  readonly account: Account | null;

  constructor(facts: UpdateAccountPayload) {
    this.outcome = facts.outcome;
    this.userErrors = facts.userErrors;
    this.plan = facts.plan;
    this.account = facts.account;
  }
}
