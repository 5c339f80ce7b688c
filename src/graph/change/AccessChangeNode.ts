import { Field, ObjectType } from "type-graphql";
import type { ChangeFault } from "../../domain/Change.js";
import type { RoleId } from "../../domain/ids.js";
import type { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import type { Afterwards } from "../../provisioning/aftermath.js";
import type { AskedChange } from "../../provisioning/Change.js";
import type { ChangeResult } from "../../provisioning/reconcile/Task.js";
import { ChangeOutcome, ChangeReach, UserErrorNode } from "./changeEnums.js";
import { PolicyAnswerNode, policyField } from "./policyAnswers.js";

/** Where a change is, and what its resolvers read. */
export interface ChangeSource {
  readonly loaders: SiteLoaders;
  /** `null` where the account that it is about does not exist yet. */
  readonly change: AskedChange | null;
  readonly otherRoleId: RoleId | null;
  readonly after: Afterwards | null;
  /** It was carried out by this very call: what it found holds now. Not where an earlier answer is repeated. */
  readonly isFound: boolean;
}

/** What every change of access tells of itself. */
@ObjectType({ simpleResolvers: true })
export class AccessChangeFields {
  /** Kept out of the schema. Null where the input could not be understood. */
  readonly source: ChangeSource | null;

  @Field(() => ChangeOutcome, { description: "How it ended." })
  readonly outcome: string;

  @Field(() => [UserErrorNode], { description: "Why it was not carried out. Empty when it was." })
  readonly userErrors: UserErrorNode[];

  @Field(() => [String], {
    description:
      "The calls that were planned, in order, and after them what goes with them unasked. A dry run does none of them; the real run that follows does exactly these. Example: `grant read/space`, `with it goes create/page (row 12)`.",
  })
  readonly plan: readonly string[];

  @Field(() => [ChangeReach], {
    description:
      "How far the plan goes beyond what it names: what acknowledgements are asked for. A dry run tells it without them. Empty when it reaches nothing else, and when nothing was planned. Example: `[ORGANIZATION_WIDE]`.",
  })
  readonly reach: readonly string[];

  constructor(
    result: Omit<ChangeResult, "fault"> & { readonly faults: readonly ChangeFault[] },
    source: ChangeSource | null,
  ) {
    this.source = source;
    this.outcome = result.outcome;
    this.userErrors = result.faults.map((fault) => new UserErrorNode(fault));
    this.plan = result.plan;
    this.reach = result.reach ?? [];
  }
}

@ObjectType("AccessChange", { simpleResolvers: true, description: "One change of access and how it ended." })
export class AccessChangeNode extends AccessChangeFields {}

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
export class GrantGroupMembershipPayload extends AccessChangesPayload {
  @Field(() => PolicyAnswerNode, policyField)
  policy?: PolicyAnswerNode | null;
}

@ObjectType({ simpleResolvers: true, description: "What became of ending memberships of a group, one by one." })
export class RevokeGroupMembershipPayload extends AccessChangesPayload {
  @Field(() => PolicyAnswerNode, policyField)
  policy?: PolicyAnswerNode | null;
}

@ObjectType({ simpleResolvers: true, description: "What became of revoking grants, one by one, in the order asked." })
export class RevokeGrantsPayload extends AccessChangesPayload {
  @Field(() => PolicyAnswerNode, policyField)
  policy?: PolicyAnswerNode | null;
}

@ObjectType({ simpleResolvers: true, description: "What became of several changes, one by one, in the order asked." })
export class ApplyAccessChangesPayload extends AccessChangesPayload {
  @Field(() => PolicyAnswerNode, policyField)
  policy?: PolicyAnswerNode | null;
}

@ObjectType({
  simpleResolvers: true,
  description: "What several changes would come to, one by one, in the order asked, and together in `preview`.",
})
export class ChangesPreview extends AccessChangesPayload {}

@ObjectType({ simpleResolvers: true, description: "What became of granting access to a space." })
export class GrantSpaceAccessPayload extends AccessChangeFields {
  @Field(() => PolicyAnswerNode, policyField)
  policy?: PolicyAnswerNode | null;
}

@ObjectType({ simpleResolvers: true, description: "What became of revoking access to a space." })
export class RevokeSpaceAccessPayload extends AccessChangeFields {
  @Field(() => PolicyAnswerNode, policyField)
  policy?: PolicyAnswerNode | null;
}
