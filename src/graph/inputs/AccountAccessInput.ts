import { Field, ID, InputType } from "type-graphql";
import { OnExistingRole } from "../types/changeEnums.js";
import { onExistingRoleField } from "./onExistingRoleField.js";
import { PermissionInput } from "./PermissionInput.js";

@InputType({ description: "Access to one space for the account that is provisioned: single permissions, or a role." })
export class AccountAccessInput {
  @Field(() => ID, { description: "The `id` of a Space of the same site. Each space once." })
  readonly space!: string;

  @Field(() => [PermissionInput], {
    nullable: true,
    description:
      "Single permissions. `read` on `space` is granted first where it is missing, because Confluence asks for it. Give these or `role`.",
  })
  readonly permissions?: PermissionInput[] | null;

  @Field(() => ID, {
    nullable: true,
    description: "The `id` of a SpaceRole. An account has one role at most in a space: see `onExistingRole`.",
  })
  readonly role?: string | null;

  @Field(() => OnExistingRole, onExistingRoleField)
  readonly onExistingRole!: keyof typeof OnExistingRole;
}
