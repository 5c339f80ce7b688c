import { Field, InputType } from "type-graphql";
import { AccountKind, AccountStatus } from "../types/enums.js";

@InputType({ description: "Which accounts to list. Every part given must fit; within a part, any value may." })
export class AccountFilter {
  @Field(() => [AccountKind], { nullable: true, description: "Of these kinds. Example: `[GUEST, APP]`." })
  readonly kinds?: string[] | null;

  @Field(() => [AccountStatus], { nullable: true, description: "With one of these statuses." })
  readonly statuses?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description:
      "With one of these e-mail addresses, whatever their case; one without an @ is refused. Addresses that people hide cannot be matched: where such accounts exist the answer declares a gap.",
  })
  readonly emails?: string[] | null;

  @Field(() => String, {
    nullable: true,
    description:
      "Whose display name, public name, user name, e-mail or account id holds this text, whatever its case. Addresses on Data Center are compared only by `emails`.",
  })
  readonly text?: string | null;
}
