import { Field, ID, InputType } from "type-graphql";
import { acknowledgeAdministrationField } from "./acknowledgements.js";
import { dryRunField } from "./dryRunField.js";
import { MembershipInput } from "./MembershipInput.js";
import { ProvenanceInput } from "./ProvenanceInput.js";
import { SpaceAccessInput, SpaceGrantInput } from "./SpaceAccessInput.js";

@InputType({ description: "One change among several. Give exactly one of its fields." })
export class AccessChangeInput {
  @Field(() => SpaceGrantInput, { nullable: true, description: "Grants access to a space." })
  readonly grantSpaceAccess?: SpaceGrantInput | null;

  @Field(() => SpaceAccessInput, { nullable: true, description: "Revokes access to a space." })
  readonly revokeSpaceAccess?: SpaceAccessInput | null;

  @Field(() => MembershipInput, { nullable: true, description: "Makes an account a member of a group." })
  readonly grantGroupMembership?: MembershipInput | null;

  @Field(() => MembershipInput, { nullable: true, description: "Ends an account's membership of a group." })
  readonly revokeGroupMembership?: MembershipInput | null;

  @Field(() => ID, {
    nullable: true,
    description: "Revokes the Grant of this `id`. See `RevokeGrantsInput.grants` for what an id names.",
  })
  readonly revokeGrant?: string | null;
}

@InputType({ description: "Several changes in one request." })
export class ApplyAccessChangesInput extends ProvenanceInput {
  @Field(() => [AccessChangeInput], {
    description:
      "1 to 200 changes. Those about the same principal in the same space or group happen in this order, others side by side; one that fails leaves the others alone.",
  })
  readonly changes!: AccessChangeInput[];

  @Field(() => Boolean, acknowledgeAdministrationField)
  readonly acknowledgeAdministration!: boolean;

  @Field(() => Boolean, dryRunField)
  readonly dryRun!: boolean;
}

@InputType({ description: "Revokes grants by their ids." })
export class RevokeGrantsInput extends ProvenanceInput {
  @Field(() => [ID], {
    description:
      "The `id`s of Grants: 1 to 200. On Cloud the id of a single permission names one stored row: once that row is gone the outcome is `NOT_PRESENT`, whatever was granted since, and another row that gives the same stays. Where Confluence stores no id (every permission of Data Center, roles, memberships) the id names who holds what and where, so it also revokes what was taken away and granted anew meanwhile.",
  })
  readonly grants!: string[];

  @Field(() => Boolean, acknowledgeAdministrationField)
  readonly acknowledgeAdministration!: boolean;

  @Field(() => Boolean, dryRunField)
  readonly dryRun!: boolean;
}
