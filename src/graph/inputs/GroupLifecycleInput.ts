import { Field, ID, InputType } from "type-graphql";
import { acknowledgeAdministrationField, acknowledgeOrganizationWideField } from "./acknowledgements.js";
import { dryRunField } from "./dryRunField.js";
import { ProvenanceInput } from "./ProvenanceInput.js";

@InputType({ description: "Creates a group." })
export class CreateGroupInput extends ProvenanceInput {
  @Field(() => ID, { nullable: true, description: "The site; may be left out where there is only one." })
  readonly siteId?: string | null;

  @Field(() => String, { description: "The group's name, 1 to 255 characters." })
  readonly name!: string;

  @Field(() => Boolean, dryRunField)
  readonly dryRun!: boolean;
}

@InputType({ description: "Deletes a group. Its memberships go with it, and on Cloud its grants." })
export class DeleteGroupInput extends ProvenanceInput {
  @Field(() => ID, { description: "The `id` of a Group." })
  readonly group!: string;

  @Field(() => Boolean, acknowledgeOrganizationWideField)
  readonly acknowledgeOrganizationWide!: boolean;

  @Field(() => Boolean, acknowledgeAdministrationField)
  readonly acknowledgeAdministration!: boolean;

  @Field(() => Boolean, dryRunField)
  readonly dryRun!: boolean;
}
