import { Field, ID, InputType } from "type-graphql";
import { acknowledgeAdministrationField } from "./acknowledgements.js";
import { dryRunField } from "./dryRunField.js";
import { ProvenanceInput } from "./ProvenanceInput.js";

@InputType({ description: "Membership of one account in one group." })
export class MembershipInput extends ProvenanceInput {
  @Field(() => ID, { description: "The `id` of a Group." })
  readonly group!: string;

  @Field(() => ID, { description: "The `id` of an Account of the same site." })
  readonly account!: string;
}

@InputType()
abstract class MembershipsInput extends ProvenanceInput {
  @Field(() => ID, { description: "The `id` of a Group." })
  readonly group!: string;

  @Field(() => [ID], { description: "The `id`s of Accounts of the same site: 1 to 200." })
  readonly accounts!: string[];

  @Field(() => Boolean, acknowledgeAdministrationField)
  readonly acknowledgeAdministration!: boolean;

  @Field(() => Boolean, dryRunField)
  readonly dryRun!: boolean;
}

@InputType({ description: "Makes accounts members of a group." })
export class GrantGroupMembershipInput extends MembershipsInput {}

@InputType({ description: "Ends accounts' membership of a group." })
export class RevokeGroupMembershipInput extends MembershipsInput {}
