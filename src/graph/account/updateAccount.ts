import { Field, ID, InputType, ObjectType } from "type-graphql";
import { ChangeOutcome, UserErrorNode } from "../change/changeEnums.js";
import { dryRunField, ProvenanceInput } from "../change/inputFields.js";
import { type AccountNode as Account, AccountNode } from "./AccountNode.js";

@InputType({ description: "Gives an account another name or e-mail address. Data Center only." })
export class UpdateAccountInput extends ProvenanceInput {
  @Field(() => ID, { description: "The `id` of an Account of a Data Center site." })
  readonly account!: string;

  @Field(() => String, {
    nullable: true,
    description: "The name shown: at most 255 characters, none of them `<` or `>`. Left out: as it is.",
  })
  readonly displayName?: string | null;

  @Field(() => String, {
    nullable: true,
    description: "The e-mail address: with an @, at most 320 characters. Left out: as it is.",
  })
  readonly email?: string | null;

  @Field(() => Boolean, dryRunField)
  readonly dryRun!: boolean;
}

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
