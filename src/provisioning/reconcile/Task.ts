import type { ChangeFault, ChangeOutcome, Reach } from "../../domain/Change.js";
import type { Provenance, RecordEntry } from "../../record/ChangeRecord.js";
import type { Plan, StepsPlan } from "./Plan.js";

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
  readonly action: string;
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
