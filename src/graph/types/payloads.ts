import { Field, ObjectType } from "type-graphql";
import { type GroupNode as Group, GroupNode } from "../group/GroupNode.js";
import { AccessChangeFields, AccessChangeNode } from "./AccessChangeNode.js";
import { ChangeOutcome, ChangeReach } from "./changeEnums.js";
import { UserErrorNode } from "./UserErrorNode.js";

/**
 * Each mutation answers with a type of its own, so that they can evolve apart; what they have in common stands in classes
 * that the schema does not show.
 */
@ObjectType({ simpleResolvers: true })
export class AccessChangesPayload {
  @Field(() => [AccessChangeNode], {
    description: "One for each change asked for. Empty when the request itself was refused.",
  })
  readonly changes: AccessChangeNode[];

  @Field(() => [UserErrorNode], { description: "What is wrong with the request as a whole; then nothing was changed." })
  readonly userErrors: UserErrorNode[];

  constructor(changes: AccessChangeNode[], userErrors: UserErrorNode[]) {
    this.changes = changes;
    this.userErrors = userErrors;
  }
}

@ObjectType({ simpleResolvers: true, description: "What became of making accounts members of a group, one by one." })
export class GrantGroupMembershipPayload extends AccessChangesPayload {}

@ObjectType({ simpleResolvers: true, description: "What became of ending memberships of a group, one by one." })
export class RevokeGroupMembershipPayload extends AccessChangesPayload {}

@ObjectType({ simpleResolvers: true, description: "What became of revoking grants, one by one, in the order asked." })
export class RevokeGrantsPayload extends AccessChangesPayload {}

@ObjectType({ simpleResolvers: true, description: "What became of several changes, one by one, in the order asked." })
export class ApplyAccessChangesPayload extends AccessChangesPayload {}

@ObjectType({ simpleResolvers: true, description: "What became of granting access to a space." })
export class GrantSpaceAccessPayload extends AccessChangeFields {}

@ObjectType({ simpleResolvers: true, description: "What became of revoking access to a space." })
export class RevokeSpaceAccessPayload extends AccessChangeFields {}

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
  readonly group: Group | null;

  constructor(facts: {
    outcome: string;
    userErrors: UserErrorNode[];
    plan: readonly string[];
    reach: readonly string[];
    group: Group | null;
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
