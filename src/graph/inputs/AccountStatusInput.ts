import { Field, ID, InputType } from "type-graphql";
import { dryRunField } from "./dryRunField.js";
import { ProvenanceInput } from "./ProvenanceInput.js";

const lastAdministratorField = {
  defaultValue: false,
  description:
    "True to say that it may leave spaces of the site without an active person who administers them. Without it that is refused with `LAST_ADMINISTRATOR`, or `STATE_UNKNOWN` where it cannot be read.",
};

@InputType()
abstract class AccountStatusInput extends ProvenanceInput {
  @Field(() => ID, {
    description: "The `id` of an Account: of a Data Center site, or of a Cloud site whose organization is configured.",
  })
  readonly account!: string;

  @Field(() => Boolean, {
    defaultValue: false,
    description:
      "True to say that it may reach every product of the organization, not this site alone. Without it nothing is written; a dry run shows in `affectedResources` what it would reach. Not needed on Data Center, where nothing beyond the site is reached.",
  })
  readonly acknowledgeOrganizationWide!: boolean;

  @Field(() => Boolean, dryRunField)
  readonly dryRun!: boolean;
}

@InputType({ description: "Suspends an account: in the whole organization, on Data Center on its site." })
export class SuspendAccountInput extends AccountStatusInput {
  @Field(() => Boolean, lastAdministratorField)
  readonly acknowledgeAdministration!: boolean;
}

@InputType({ description: "Ends the suspension of an account: in the whole organization, on Data Center on its site." })
export class RestoreAccountInput extends AccountStatusInput {}

@InputType({ description: "Removes an account with its groups: from the organization, on Data Center from its site." })
export class RemoveAccountInput extends AccountStatusInput {
  @Field(() => Boolean, lastAdministratorField)
  readonly acknowledgeAdministration!: boolean;
}
