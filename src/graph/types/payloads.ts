import { Field, ObjectType } from "type-graphql";
import { AccessChangeNode } from "./AccessChangeNode.js";
import { ChangeOutcome } from "./changeEnums.js";
import type { GroupNode as Group } from "./GroupNode.js";
import { GroupNode } from "./GroupNode.js";
import { UserErrorNode } from "./UserErrorNode.js";

@ObjectType({
  simpleResolvers: true,
  description: "What became of several changes, each by itself, in the order asked.",
})
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

@ObjectType({ simpleResolvers: true, description: "What became of a group." })
export class GroupLifecyclePayload {
  @Field(() => ChangeOutcome, { description: "How it ended." })
  readonly outcome: string;

  @Field(() => [UserErrorNode], { description: "Why it was not carried out. Empty when it was." })
  readonly userErrors: UserErrorNode[];

  @Field(() => [String], { description: "The calls that were planned." })
  readonly plan: readonly string[];

  @Field(() => GroupNode, { nullable: true, description: "The group; null when there is none." })
  readonly group: Group | null;

  constructor(facts: { outcome: string; userErrors: UserErrorNode[]; plan: readonly string[]; group: Group | null }) {
    this.outcome = facts.outcome;
    this.userErrors = facts.userErrors;
    this.plan = facts.plan;
    this.group = facts.group;
  }
}
