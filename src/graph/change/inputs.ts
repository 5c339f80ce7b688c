import { Field, ID, InputType } from "type-graphql";
import { OnExistingRole } from "./changeEnums.js";

/** How the acknowledgements of what reaches further are described, as every input takes them that has to. */
export const acknowledgeAdministrationField = {
  defaultValue: false,
  description:
    "True to say that it may give or take administration beyond one space or one person: a product role beyond user and guest, the super group of a Data Center site, administration for everybody, and a membership or a group whose end leaves a space without an active person who administers it (`LAST_ADMINISTRATOR` without it). Without it such a change answers `ACKNOWLEDGEMENT_REQUIRED` and nothing is written; a dry run shows it and its `reach`.",
};

export const acknowledgeOrganizationWideField = {
  defaultValue: false,
  description:
    "True to say that it may reach every product of the organization, not this site alone: groups of an organization are groups of its other sites too. Without it such a change answers `ACKNOWLEDGEMENT_REQUIRED` and nothing is written; a dry run shows it and its `reach`. Not needed where no organization is configured, and not on Data Center.",
};

/** The options of the field `dryRun`, which every mutation's input has. */
export const dryRunField = {
  defaultValue: false,
  description: "True to plan only: the same checks and the same plan as the real run, and no write.",
};

/** The same wherever a role can be granted. */
export const onExistingRoleField = {
  defaultValue: OnExistingRole.REFUSE,
  description: "With `role`: what happens where the principal holds another role there. It can have one at most.",
};

/** Who asked and why, as every change takes it. */
@InputType()
export abstract class ProvenanceInput {
  @Field(() => String, {
    nullable: true,
    description:
      "Why the change is made, in 1,000 characters at most. Stands in the audit. Example: `Access request 4711, approved by Ada`.",
  })
  readonly reason?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      "The caller's own id of its request, 1 to 200 characters, unique among what its token asks for. The same call with the same id is carried out once: a repeat answers what the first ended with, also after a restart (where STATE_DIR or DATABASE_URL keeps the record), or takes up what was left of it; while one is under way the other is told `IN_PROGRESS`, and another input is refused with `REQUEST_ID_REUSED`; acknowledgements do not count as input, so who was told `ACKNOWLEDGEMENT_REQUIRED` adds one and keeps the id. A dry run uses no id up. Stands in the audit. Example: `gateway-4711`.",
  })
  readonly requestId?: string | null;
}

@InputType({ description: "One granular permission: what may be done, and on what." })
export class PermissionInput {
  @Field(() => String, { description: "What may be done. Example: `read`, `create`, `administer`." })
  readonly operation!: string;

  @Field(() => String, { description: "On what. Example: `space`, `page`." })
  readonly target!: string;
}

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

@InputType({ description: "Access of one principal to one space: single permissions, or a role." })
export class SpaceAccessInput extends ProvenanceInput {
  @Field(() => ID, { description: "The `id` of a Space." })
  readonly space!: string;

  @Field(() => ID, {
    nullable: true,
    description: "The `id` of the Account, Group or AccessClass. Give this or `accessClassId`.",
  })
  readonly principal?: string | null;

  @Field(() => String, {
    nullable: true,
    description: "An access class by its own `classId`, in place of `principal`. Example: `all-licensed-users`.",
  })
  readonly accessClassId?: string | null;

  @Field(() => [PermissionInput], {
    nullable: true,
    description:
      "Single permissions. `read` on `space` is granted first where it is missing, because Confluence asks for it. Revoking it takes everything else of the principal away on Cloud; on Data Center the rest stays, held in vain. Give these or `role`.",
  })
  readonly permissions?: PermissionInput[] | null;

  @Field(() => ID, {
    nullable: true,
    description: "The `id` of a SpaceRole. A principal has one role at most in a space: see `onExistingRole`.",
  })
  readonly role?: string | null;
}

@InputType({ description: "Access that one principal is to get to one space: single permissions, or a role." })
export class SpaceGrantInput extends SpaceAccessInput {
  @Field(() => OnExistingRole, onExistingRoleField)
  readonly onExistingRole!: keyof typeof OnExistingRole;
}

@InputType({ description: "Grants a principal access to a space." })
export class GrantSpaceAccessInput extends SpaceGrantInput {
  @Field(() => Boolean, acknowledgeAdministrationField)
  readonly acknowledgeAdministration!: boolean;

  @Field(() => Boolean, dryRunField)
  readonly dryRun!: boolean;
}

@InputType({ description: "Revokes a principal's access to a space." })
export class RevokeSpaceAccessInput extends SpaceAccessInput {
  @Field(() => Boolean, dryRunField)
  readonly dryRun!: boolean;
}

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
