import { Arg, Ctx, Field, FieldResolver, ID, InputType, Mutation, ObjectType, Resolver, Root } from "type-graphql";
import type { ChangeFault } from "../../domain/Change.js";
import type { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import type { ChangeResult } from "../../provisioning/reconcile/Task.js";
import { isFinal } from "../../provisioning/requests/isFinal.js";
import { type Inverse, inverseOf } from "../../provisioning/undo/inverseOf.js";
import type { Provenance } from "../../record/ChangeRecord.js";
import { acknowledgeAdministrationField } from "../inputs/acknowledgements.js";
import { dryRunField } from "../inputs/dryRunField.js";
import { ProvenanceInput } from "../inputs/ProvenanceInput.js";
import { answerRequest, provisionerOf } from "../mutations/answerRequest.js";
import { fault, readId } from "../mutations/readChange.js";
import { forgetSettled, settledBy } from "../mutations/withEffects.js";
import type { GraphContext } from "../schema/GraphContext.js";
import { ChangeOutcome } from "../types/changeEnums.js";
import { UserErrorNode } from "../types/UserErrorNode.js";
import { ChangeNode } from "./ChangeNode.js";
import { changeOfId } from "./readRecord.js";

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
export class UndoPayload {
  @Field(() => ChangeOutcome, {
    description:
      "How the inverse ended. `NOT_PRESENT` or `ALREADY_EXISTS`: somebody has taken it back already, and nothing was written.",
  })
  readonly outcome: string;

  @Field(() => [UserErrorNode], {
    description: "Why it was not carried out: `UNSUPPORTED` where the change has no inverse. Empty when it was.",
  })
  readonly userErrors: UserErrorNode[];

  @Field(() => [String], { description: "The calls that were planned." })
  readonly plan: readonly string[];

  @Field(() => ChangeNode, { nullable: true, description: "The change that was to be taken back." })
  readonly undone: ChangeNode | null;

  constructor(facts: UndoPayload) {
    this.outcome = facts.outcome;
    this.userErrors = facts.userErrors;
    this.plan = facts.plan;
    this.undone = facts.undone;
  }
}

@Resolver()
export class UndoMutation {
  @Mutation(() => UndoPayload, {
    nullable: true,
    description:
      "Takes a recorded change back by its inverse, which is an ordinary change with the same guards and its own entries in the record: a membership, permissions that the change itself granted or revoked, a role and the one it replaced, a suspension, a group that was created. What has no inverse is `UNSUPPORTED`. It can be undone in turn.",
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
    const answered = await answerRequest<ChangeResult>(context, {
      name: "undo",
      input,
      isFinal,
      run: async (provenance) =>
        carryOutInverse(context, loaders, { inverse, input, provenance: { ...provenance, undoes: id.changeId } }),
    });
    if ("fault" in answered) return failed(answered.fault, undone);
    const { outcome, plan, fault: why } = answered.result;
    return new UndoPayload({ outcome, plan, undone, userErrors: why === null ? [] : [new UserErrorNode(why)] });
  }
}

interface AskedInverse {
  readonly inverse: Exclude<Inverse, { kind: "none" }>;
  readonly input: UndoInput;
  readonly provenance: Provenance;
}

async function carryOutInverse(
  context: GraphContext,
  loaders: SiteLoaders,
  { inverse, input, provenance }: AskedInverse,
): Promise<ChangeResult> {
  const provisioner = provisionerOf(context, loaders);
  const { dryRun: isDryRun, acknowledgeOrganizationWide: isAcknowledged } = input;
  switch (inverse.kind) {
    case "access": {
      const [carriedOut] = await provisioner.carryOut([inverse.change], provenance, isDryRun);
      if (carriedOut === undefined) throw new Error("A change without an ending.");
      if (!isDryRun) forgetSettled(loaders, [settledBy(inverse.change)]);
      return told(carriedOut.result);
    }
    case "deleteGroup": {
      const result = await provisioner.deleteGroup(inverse.groupId, provenance, isDryRun);
      if (!isDryRun) forgetSettled(loaders, [{ kind: "groupDeleted", groupId: inverse.groupId }]);
      return told(result);
    }
    case "status": {
      const asked = { provenance, isDryRun, isAcknowledged };
      return told(await provisioner.changeAccountStatus(inverse.action, inverse.accountId, asked));
    }
  }
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
  return new UndoPayload({ outcome: "FAILED", plan: [], userErrors: [new UserErrorNode(why)], undone });
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
