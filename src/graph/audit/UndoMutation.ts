import { Arg, Ctx, Field, FieldResolver, ID, InputType, Mutation, ObjectType, Resolver, Root } from "type-graphql";
import type { ChangeFault, WhatChanged } from "../../domain/Change.js";
import { isFinal } from "../../provisioning/Requests.js";
import type { ChangeResult } from "../../provisioning/reconcile/Task.js";
import { carryOutInverse, type Undoing, type Undone } from "../../provisioning/undo/carryOutInverse.js";
import { type Inverse, inverseOf } from "../../provisioning/undo/inverseOf.js";
import { AccessChangeNode } from "../change/AccessChangeNode.js";
import { answerRequest, effectOf, forgetEffects, loadersFor, provisionerOf } from "../change/answerRequest.js";
import { ChangeOutcome, UserErrorNode } from "../change/changeEnums.js";
import { acknowledgeAdministrationField, dryRunField, ProvenanceInput } from "../change/inputs.js";
import { PolicyAnswerNode, policyField } from "../change/policyAnswers.js";
import { fault, readId } from "../change/readChange.js";
import type { GraphContext } from "../schema/GraphContext.js";
import { ChangeNode } from "./ChangeNode.js";
import { askRecord, changeOfId, everyChange } from "./changeLists.js";

@InputType({ description: "Takes a recorded change back." })
export class UndoInput extends ProvenanceInput {
  @Field(() => ID, { description: "The `id` of a Change." })
  readonly change!: string;

  @Field(() => Boolean, {
    defaultValue: false,
    description:
      "True to say that it may reach every product of the organization: needed where taking it back suspends or restores an account of one, or deletes a group of one.",
  })
  readonly acknowledgeOrganizationWide!: boolean;

  @Field(() => Boolean, acknowledgeAdministrationField)
  readonly acknowledgeAdministration!: boolean;

  @Field(() => Boolean, dryRunField)
  readonly dryRun!: boolean;
}

@ObjectType({ simpleResolvers: true, description: "What became of taking a change back." })
class UndoPayload {
  @Field(() => PolicyAnswerNode, policyField)
  policy?: PolicyAnswerNode | null;

  @Field(() => ChangeOutcome, {
    description:
      "How the inverse ended. `NOT_PRESENT` or `ALREADY_EXISTS`: somebody has taken it back already, and nothing was written.",
  })
  readonly outcome: string;

  @Field(() => [UserErrorNode], {
    description: "Why it was not carried out: `UNSUPPORTED` where the change has no inverse. Empty when it was.",
  })
  readonly userErrors: UserErrorNode[];

  @Field(() => [String], {
    description:
      'The calls that were planned, and what is not put back. Example: `create group "team"`, `the group has another id than 5f0c…: what names that id does not name it`.',
  })
  readonly plan: readonly string[];

  @Field(() => [AccessChangeNode], {
    description:
      "What it is made of where it is more than one change: the members and grants of a group that is made anew, what an account that is brought back held, what was granted with an account. Each counts among the 200 that an HTTP request may ask for; where not all fit, those that fit are carried out and `userErrors` says `TOO_MANY_CHANGES`: repeat it for the rest.",
  })
  readonly changes: readonly AccessChangeNode[];

  @Field(() => ChangeNode, { nullable: true, description: "The change that was to be taken back." })
  readonly undone: ChangeNode | null;

  constructor(facts: UndoPayload) {
    this.outcome = facts.outcome;
    this.userErrors = facts.userErrors;
    this.plan = facts.plan;
    this.changes = facts.changes;
    this.undone = facts.undone;
  }
}

@Resolver()
export class UndoMutation {
  @Mutation(() => UndoPayload, {
    nullable: true,
    description:
      "Takes a recorded change back by its inverse, which is an ordinary change with the same guards and its own entries in the record: a membership, permissions that the change itself granted or revoked, a role and the one it replaced, a suspension, a group that was created; a group that was deleted, as a new one with its members and grants; what was granted with an account, which itself stays; an account that was removed, where the synchronised directory (SCIM) brings it back. What has no inverse is `UNSUPPORTED`. It can be undone in turn.",
  })
  async undo(
    @Arg("input", () => UndoInput, { description: "Which change." }) input: UndoInput,
    @Ctx() context: GraphContext,
  ): Promise<UndoPayload> {
    const faults: ChangeFault[] = [];
    const id = readId(input.change, "change", ["Change"], faults);
    const loaders = id === null ? undefined : context.sites.get(id.siteId);
    if (id === null || loaders === undefined) {
      return failed(faults[0] ?? fault("INVALID_INPUT", ["change"], "The change is of a site that is not configured."));
    }
    const recorded = await changeOfId(context, id.siteId, id.changeId);
    if (recorded === null) {
      return failed(fault("INVALID_INPUT", ["change"], "The record has no such change, or let go of it."));
    }
    const undone = new ChangeNode(loaders, recorded);
    const inverse = inverseOf(recorded);
    if (inverse.kind === "none") return failed(fault("UNSUPPORTED", ["change"], inverse.reason), undone);
    const provisioner = provisionerOf(context, loaders);
    const linked: Undoing["linked"] = (by, changeId) =>
      askRecord(context, (record) =>
        record.changes({ ...everyChange([id.siteId]), linked: { by, changeId } }, null, maxLinked),
      );
    const answered = await answerRequest<Undone>(context, {
      name: "undo",
      input,
      isFinal: isUndone,
      run: async (provenance, _earlier, isDryRun) => {
        const ended = await carryOutInverse(inverse, {
          ...{ provisioner, isDryRun, linked },
          provenance: { ...provenance, undoes: id.changeId },
          // What is only planned for a policy takes nothing yet.
          take: (wanted) => {
            if (isDryRun && !input.dryRun) return context.changeBudget.fitting(wanted);
            const taken = context.changeBudget.take(wanted);
            if (isDryRun) context.callerBudget?.chargeDryRuns(taken);
            else context.callerBudget?.chargeWrites(taken);
            return taken;
          },
        });
        return {
          result: told(ended.result),
          changes: ended.changes.map((each) => ({ ...each, result: told(each.result) })),
        };
      },
    });
    if ("fault" in answered) return failed(answered.fault, undone);
    const { result, changes } = answered.result;
    if (!input.dryRun) forgetEffects(loaders, effectsOfUndo(inverse, changes), answered.isAskedAgain);
    const fresh = loadersFor(context, loaders, answered.isRepeated);
    const nodes = changes.map(({ change, otherRoleId, result: { fault: why, ...rest } }) => {
      const source = change === null ? null : { loaders: fresh, change, otherRoleId, after: null, isFound: false };
      return new AccessChangeNode({ ...rest, faults: why === null ? [] : [why] }, source);
    });
    const userErrors = result.fault === null ? [] : [new UserErrorNode(result.fault)];
    return new UndoPayload({ outcome: result.outcome, plan: result.plan, changes: nodes, undone, userErrors });
  }
}

/** Changes that came with another, or took it back, at most: more than a request may ask for. */
const maxLinked = 500;

/** What did not fit into the request is not done. */
function isUndone({ result, changes }: Undone): boolean {
  const all = [result, ...changes.map((each) => each.result)];
  return result.fault?.code !== "TOO_MANY_CHANGES" && all.every(isFinal);
}

function effectsOfUndo(inverse: Inverse, changes: Undone["changes"]): WhatChanged[] {
  const parts = changes.flatMap(({ change }) => (change === null ? [] : [effectOf(change)]));
  if (inverse.kind === "access") return [effectOf(inverse.change)];
  if (inverse.kind === "deleteGroup") return [{ kind: "groupDeleted", groupId: inverse.groupId }];
  return parts;
}

/** What is stored of it. A fault is about the change that is taken back: no field of this input is at fault. */
function told({ outcome, fault: why, plan, changeId }: ChangeResult): ChangeResult {
  return {
    outcome,
    fault: why && { ...why, field: why.code === "ACKNOWLEDGEMENT_REQUIRED" ? why.field : [] },
    plan,
    changeId,
  };
}

function failed(why: ChangeFault, undone: ChangeNode | null = null): UndoPayload {
  return new UndoPayload({ outcome: "FAILED", plan: [], changes: [], userErrors: [new UserErrorNode(why)], undone });
}

@Resolver(() => ChangeNode)
export class ChangeUndoFields {
  @FieldResolver(() => Boolean, {
    description: "Whether `undo` has an inverse for it; what stands in its way now is not asked.",
  })
  isUndoable(@Root() { recorded }: ChangeNode): boolean {
    return inverseOf(recorded).kind !== "none";
  }

  @FieldResolver(() => String, { nullable: true, description: "Why it has no inverse; null where it has one." })
  notUndoableBecause(@Root() { recorded }: ChangeNode): string | null {
    const inverse = inverseOf(recorded);
    return inverse.kind === "none" ? inverse.reason : null;
  }
}
