import { Field, ID, InputType } from "type-graphql";
import { dryRunField } from "./dryRunField.js";
import { ProvenanceInput } from "./ProvenanceInput.js";

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
