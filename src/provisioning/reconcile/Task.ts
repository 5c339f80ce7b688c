import type { ChangeAction, ChangeFault, ChangeFaultCode, ChangeOutcome, Reach } from "../../domain/Change.js";
import type { Provenance, RecordEntry } from "../../record/ChangeRecord.js";

/** One write call. */
export interface Step {
  /** In a person's words; the same in a dry run and in the audit. Names the step within its change. */
  readonly text: string;
  /** Sends the call. Rejects with a `SiteError`. */
  run(): Promise<void>;
  /**
   * True where Confluence carries the call out in its own time: then reading back at once proves nothing, and every answer
   * that does not prove a refusal counts as lost.
   */
  readonly isDeferred?: boolean;
  /** Sent again after a failure that was answered for good and changed nothing. Never where its answer was lost. */
  readonly mayRepeat?: boolean;
  /** What to tell when the answer was lost and reading back cannot show what became of it; otherwise it was not applied. */
  readonly lostMessage?: string;
  /** What to tell when it was accepted and reading back cannot show it. */
  readonly unseenMessage?: string;
}

/** What an outcome may be when nothing has to be written. */
type NoopOutcome = Extract<
  ChangeOutcome,
  "ALREADY_EXISTS" | "NOT_PRESENT" | "INHERITED" | "KEPT" | "STARTED" | "REMOVED"
>;

interface StepsPlan {
  readonly kind: "steps";
  readonly steps: readonly [Step, ...Step[]];
  /** What it is when the steps are through. */
  readonly outcome: Extract<ChangeOutcome, "CREATED" | "REPLACED" | "REMOVED">;
  /** What goes with the steps, unasked, in a person's words. */
  readonly cascades?: readonly string[];
  /** How far it goes beyond what it names; none where it is absent. */
  readonly reach?: readonly Reach[];
  /** What stands in the way of carrying it out, although it may be shown. */
  readonly objection?: ChangeFault;
}

/** The smallest set of calls that makes a change true, or why there is none. */
export type Plan =
  | Refusal
  /** It is so already, or an earlier call of ours is under way (`STARTED`) or has brought it about (`REMOVED`). */
  | { readonly kind: "noop"; readonly outcome: NoopOutcome }
  | StepsPlan;

/** Why there is no plan. */
export interface Refusal {
  readonly kind: "refused";
  readonly fault: ChangeFault;
}

/** A plan that there is none. */
export function refuse(code: ChangeFaultCode, field: readonly string[], message: string): Refusal {
  return { kind: "refused", fault: { code, field, message } };
}

/** How far a plan goes beyond what it names. */
export function reachIn(plan: Plan | null): readonly Reach[] {
  return plan?.kind === "steps" ? (plan.reach ?? []) : [];
}

/** The steps of a plan in words, and what goes with them. */
export function textsOf(plan: Plan): string[] {
  return plan.kind === "steps" ? [...plan.steps.map(({ text }) => text), ...(plan.cascades ?? [])] : [];
}

/** How one change ended. */
export interface ChangeResult {
  readonly outcome: ChangeOutcome;
  readonly fault: ChangeFault | null;
  /** The calls that were planned, in words; what a dry run shows and the real run does. */
  readonly plan: readonly string[];
  /** Names the change in the record; `null` for a dry run, and where nothing was recorded. */
  readonly changeId: string | null;
  /** How far the plan goes beyond what it names; none where it is absent. */
  readonly reach?: readonly Reach[];
}

/** One change as the engine carries it out: what shall hold of one subject in a target. */
export interface Task<State> {
  readonly action: ChangeAction;
  /** Whom it is about, for the record. */
  readonly subject: Readonly<Record<string, unknown>>;
  /** Tasks of one subject happen in the order asked; those of others side by side. */
  readonly subjectKey: string;
  /** The subject where only a reading of the target tells it; asked before `subjectKey`. */
  subjectIn?(state: State): string | null;
  /**
   * True when what earlier tasks make of the target decides about this one, whoever they are about: it waits for them. Asked on
   * a reading of the target.
   */
  waitsForOthers?(state: State): boolean;
  /**
   * True when it may take the administration of a space from somebody: from the question who is left to the end of the write
   * nobody else of the site does that, whatever the target.
   */
  takesAdministration?(state: State): boolean;
  /** What stands in the way of writing, although the plan may be shown. */
  readonly objection: ChangeFault | null;
  /** True where a step may need what the one before made: then everything is read again after each. */
  readonly readsAfterEachStep: boolean;
  readonly provenance: Provenance;
  /** An attempt of the same change that was recorded and never ended: whatever holds now may be its doing. */
  readonly resumes: RecordEntry | null;

  /** Forgets what was read for it: somebody else was at the target meanwhile. */
  renew?(): void;
  /** Rejects with a `SiteError` where it cannot be known. */
  plan(state: State): Plan | Promise<Plan>;
  /** What the target will be when a plan is through, with what comes and goes with it: what a later task is planned on in a dry run. */
  simulate(state: State, plan: StepsPlan): State;
  /** What the subject holds here, for the record. */
  describe(state: State): readonly string[];
  /** What is to be told of the target after the change was carried out; its outcome stands. Asked once, of what was read back. */
  lookBack?(after: State): Promise<ChangeFault | null>;
  /** What the inverse of the change needs and `describe` does not tell; read before the first call. */
  undoFacts?(state: State): Promise<Readonly<Record<string, unknown>> | null>;
}

/**
 * Where changes happen: one space, one group, one account. All changes of one target are planned on one reading and verified by
 * one; nobody else in this process, or on this database, changes the target meanwhile.
 */
export interface Target<State> {
  /** Names the target: the key of its lock. */
  readonly key: string;
  /** Forgets what was read for it: somebody else was at the target meanwhile. */
  renew?(): void;
  /** Reads what is there now, past every cache, and leaves it there for whoever reads next. Rejects with a `TargetUnknown`. */
  read(): Promise<State>;
}

/** What a change is to be planned on cannot be read, or is not there. */
export class TargetUnknown extends Error {
  override readonly name = "TargetUnknown";

  constructor(
    readonly fault: ChangeFault,
    readonly upstreamStatus: number | null = null,
  ) {
    super(fault.message);
  }
}
