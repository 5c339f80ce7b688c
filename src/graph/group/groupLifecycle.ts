import { Field, ID, InputType, ObjectType } from "type-graphql";
import { ChangeOutcome, ChangeReach, UserErrorNode } from "../change/changeEnums.js";
import {
  acknowledgeAdministrationField,
  acknowledgeOrganizationWideField,
  dryRunField,
  ProvenanceInput,
} from "../change/inputFields.js";
import { GroupNode } from "./GroupNode.js";

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

@ObjectType({ simpleResolvers: true })
export class GroupPayload {
  @Field(() => ChangeOutcome, { description: "How it ended." })
  readonly outcome: string;

  @Field(() => [UserErrorNode], { description: "Why it was not carried out. Empty when it was." })
  readonly userErrors: UserErrorNode[];

  @Field(() => [String], { description: "The calls that were planned." })
  readonly plan: readonly string[];

  @Field(() => [ChangeReach], {
    description:
      "How far the plan goes beyond what it names: what acknowledgements are asked for. A dry run tells it without them. Empty when it reaches nothing else, and when nothing was planned. Example: `[ORGANIZATION_WIDE]`.",
  })
  readonly reach: readonly string[];

  @Field(() => GroupNode, { nullable: true, description: "The group; null when there is none." })
  readonly group: GroupNode | null;

  constructor(facts: {
    outcome: string;
    userErrors: UserErrorNode[];
    plan: readonly string[];
    reach: readonly string[];
    group: GroupNode | null;
  }) {
    this.outcome = facts.outcome;
    this.userErrors = facts.userErrors;
    this.plan = facts.plan;
    this.reach = facts.reach;
    this.group = facts.group;
  }
}

@ObjectType({ simpleResolvers: true, description: "What became of a group that was to be created." })
export class CreateGroupPayload extends GroupPayload {}

@ObjectType({ simpleResolvers: true, description: "What became of a group that was to be deleted." })
export class DeleteGroupPayload extends GroupPayload {}
