import { Field, ID, InputType } from "type-graphql";
import { dryRunField } from "./dryRunField.js";
import { ProvenanceInput } from "./ProvenanceInput.js";

@InputType()
abstract class AccountStatusInput extends ProvenanceInput {
  @Field(() => ID, { description: "The `id` of an Account of a site whose organization is configured." })
  readonly accountId!: string;

  @Field(() => Boolean, {
    defaultValue: false,
    description:
      "True to say that it may reach every product of the organization, not this site alone. Without it nothing is written; a dry run shows in `affectedResources` what it would reach.",
  })
  readonly acknowledgeOrganizationWide!: boolean;

  @Field(() => Boolean, dryRunField)
  readonly dryRun!: boolean;
}

@InputType({ description: "Suspends an account in the whole organization." })
export class SuspendAccountInput extends AccountStatusInput {}

@InputType({ description: "Ends the suspension of an account in the whole organization." })
export class RestoreAccountInput extends AccountStatusInput {}

@InputType({ description: "Removes an account from the organization, with its groups and product roles." })
export class RemoveAccountInput extends AccountStatusInput {}
