import { type Acknowledgement, acknowledgements, type ChangeFault, type WhatChanged } from "../../domain/Change.js";
import type { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import type { AskedChange } from "../../provisioning/Change.js";
import type { Provisioner } from "../../provisioning/Provisioner.js";
import { PolicyRefusal, underPolicy } from "../../provisioning/policy/underPolicy.js";
import type { CarryingOut, Earlier } from "../../provisioning/Requests.js";
import type { Provenance } from "../../record/ChangeRecord.js";
import type { GraphContext } from "../schema/GraphContext.js";
import type { EndedMutation } from "./ChangeCounts.js";
import type { ProvenanceInput } from "./inputs.js";
import { notePolicyAnswer } from "./policyAnswers.js";

type Acknowledging = Readonly<Record<Acknowledgement, boolean>>;

/** Who asks and why, for the audit. */
function provenanceOf(context: GraphContext, input: ProvenanceInput & Partial<Acknowledging>): Provenance {
  const acknowledged = acknowledgements.filter((name) => input[name] === true);
  return {
    ...(acknowledged.length === 0 ? {} : { acknowledged }),
    requestId: context.requestId,
    caller: context.caller.name,
    mandate: context.caller,
    callerRequestId: input.requestId ?? null,
    requestedBy: context.requestedBy,
    reason: input.reason ?? null,
  };
}

/** How many characters the record takes of what callers say. */
const longest = { reason: 1_000, requestId: 200, requestedBy: 200 } as const;

/** What is wrong with what a caller says of itself; nothing is cut off, because the record would tell something else. */
function faultOfProvenance({ callerRequestId, requestedBy, reason }: Provenance): ChangeFault | null {
  if ((reason?.length ?? 0) > longest.reason) {
    return tooLong(["reason"], `A reason has at most ${longest.reason} characters.`);
  }
  if (callerRequestId !== null && (callerRequestId.trim() === "" || callerRequestId.length > longest.requestId)) {
    return tooLong(["requestId"], `A requestId has 1 to ${longest.requestId} characters.`);
  }
  if ((requestedBy?.length ?? 0) > longest.requestedBy) {
    return tooLong([], `The header X-Requested-By has at most ${longest.requestedBy} characters.`);
  }
  return null;
}

/** What a change must come with, and does not. */
function faultOfDuties({ duties }: GraphContext, { requestedBy, reason }: Provenance): ChangeFault | null {
  if (duties.isReasonRequired && isBlank(reason ?? "")) {
    return { code: "INVALID_INPUT", field: ["reason"], message: "Every change must give a reason here." };
  }
  if (!duties.isRequestedByRequired || !isBlank(requestedBy ?? "")) return null;
  return { code: "INVALID_INPUT", field: [], message: "Every change must come with the header X-Requested-By here." };
}

/** Whether nobody can see anything of it. The blank of Braille (U+2800) counts as a sign in Unicode. */
function isBlank(text: string): boolean {
  return /^[\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\u2800]*$/u.test(text);
}

function tooLong(field: readonly string[], message: string): ChangeFault {
  return { code: "INVALID_INPUT", field, message };
}

/** What this request read before its changes must not answer for them afterwards, of no site that they reach. */
async function withEffects<T>({ sites }: GraphContext, work: () => Promise<T>): Promise<T> {
  const told = new Set([...sites.values()].map(({ store }) => store.changes));
  const stops = [...told].map((changes) => changes.subscribe((event, reached) => sites.get(reached)?.forget(event)));
  try {
    return await work();
  } finally {
    for (const stop of stops) stop();
  }
}

/**
 * What was asked to change was read anew, also where nothing had to be sent: this request looks at that, not at what it knew. Where it
 * was asked for before, so does everybody: who made the change then may have told nobody.
 */
export function forgetEffects(loaders: SiteLoaders, effects: readonly WhatChanged[], isAskedAgain: boolean): void {
  const { siteId } = loaders.site;
  for (const what of effects) {
    if (isAskedAgain) loaders.store.changedBefore(what);
    loaders.forget({ ...what, siteId, isSeen: true });
  }
}

export function effectOf(change: AskedChange): WhatChanged {
  return "groupId" in change
    ? { kind: "membershipChanged", groupId: change.groupId, accountId: change.accountId }
    : { kind: "spaceGrantsChanged", spaceId: change.spaceId };
}

/** The input that every mutation has in common. */
export type ChangeInput = ProvenanceInput & { readonly dryRun: boolean };

/** A mutation as a request that may be repeated. */
interface Asked<Result> {
  /** The field of `Mutation`. */
  readonly name: string;
  readonly input: ChangeInput;
  readonly isFinal: CarryingOut<Result>["isFinal"];
  /**
   * Carries it out, or what an earlier call of it left; or plans it alone, also where it was not a dry run that was asked for. The
   * result is plain data: it is stored.
   */
  run(provenance: Provenance, earlier: Earlier<Result> | null, isDryRun: boolean): Promise<Result>;
}

type Answered<Result> =
  | {
      readonly result: Result;
      /** It had ended, and is answered from the record. */
      readonly isRepeated: boolean;
      /** It was asked for before, whether or not it had ended. */
      readonly isAskedAgain: boolean;
    }
  | { readonly fault: ChangeFault };

/** Operations that asked for a change that is not only planned, whatever came of it. */
const changing = new WeakSet<object>();

/** Whether an operation did; each operation of a batch has a context of its own. */
export function mayHaveChanged(context: GraphContext): boolean {
  return changing.has(context);
}

/** How a mutation ended, now or when it was asked for first; or why it is not carried out. */
export async function answerRequest<Result extends EndedMutation>(
  context: GraphContext,
  asked: Asked<Result>,
): Promise<Answered<Result>> {
  if (!asked.input.dryRun) changing.add(context);
  const answered = await answer(context, asked);
  if ("fault" in answered) context.changeCounts.refused(asked.name, answered.fault);
  else if (answered.isRepeated) context.changeCounts.repeated(asked.name);
  else context.changeCounts.ended(asked.name, answered.result);
  return answered;
}

async function answer<Result>(
  context: GraphContext,
  { name, input, isFinal, run }: Asked<Result>,
): Promise<Answered<Result>> {
  const { caller, requests, policy, record } = context;
  const provenance = provenanceOf(context, input);
  const unfit = faultOfProvenance(provenance) ?? faultOfDuties(context, provenance);
  if (unfit !== null) return { fault: unfit };
  let isTakenUp = false;
  const ended = await requests
    .answer<Result>(
      { caller: caller.name, callerRequestId: provenance.callerRequestId, isDryRun: input.dryRun, name, input },
      {
        isFinal,
        run: (earlier) => {
          isTakenUp = earlier !== null;
          const left = earlier === null ? {} : { earlier: earlier.changes };
          const asked = {
            ...{ mutation: name, isDryRun: input.dryRun, record, provenance: { ...provenance, ...left } },
            run: (told: Provenance, isDryRun: boolean) => run(told, earlier, isDryRun),
          };
          return withEffects(context, async () => {
            const { result, answer } = await underPolicy(policy, asked);
            notePolicyAnswer(context, answer);
            return result;
          });
        },
      },
    )
    .catch((error: unknown) => {
      if (!(error instanceof PolicyRefusal)) throw error;
      notePolicyAnswer(context, error.answer);
      return { kind: "refused", fault: error.fault } as const;
    });
  return ended.kind === "refused"
    ? { fault: ended.fault }
    : {
        result: ended.result,
        isRepeated: ended.kind === "repeated",
        isAskedAgain: isTakenUp || ended.kind === "repeated",
      };
}

export function provisionerOf(context: GraphContext, loaders: SiteLoaders): Provisioner {
  const provisioner = context.provisioners.get(loaders.store.site.siteId);
  if (provisioner === undefined) throw new Error("Every configured site has a provisioner.");
  return provisioner;
}

/** What a payload is told with: after a repeat nothing that was read before it, because another process may have changed it. */
export function loadersFor(context: GraphContext, loaders: SiteLoaders, isRepeated: boolean): SiteLoaders {
  return isRepeated ? loaders.apart(context.clock.now()) : loaders;
}

/** The same for the changes of several sites. */
export function sitesFor(context: GraphContext, isRepeated: boolean): GraphContext["sites"] {
  if (!isRepeated) return context.sites;
  return new Map([...context.sites].map(([siteId, loaders]) => [siteId, loadersFor(context, loaders, true)]));
}
