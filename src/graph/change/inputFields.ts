import { Field, InputType } from "type-graphql";
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
