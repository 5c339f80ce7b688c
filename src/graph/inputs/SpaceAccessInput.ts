import { Field, ID, InputType } from "type-graphql";
import { OnExistingRole } from "../types/changeEnums.js";
import { acknowledgeAdministrationField } from "./acknowledgements.js";
import { dryRunField } from "./dryRunField.js";
import { onExistingRoleField } from "./onExistingRoleField.js";
import { PermissionInput } from "./PermissionInput.js";
import { ProvenanceInput } from "./ProvenanceInput.js";

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
