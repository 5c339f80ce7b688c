import type { ChangeFault } from "../domain/ChangeFault.js";
import type { ChangeOutcome } from "../domain/ChangeOutcome.js";

/** One write call about an account or a group. */
export interface SingleStep {
  /** In a person's words; the same in a dry run and in the audit. Names the step within its change. */
  readonly text: string;
  /** What to tell when the answer was lost and reading back cannot show what became of it; otherwise it was not applied. */
  readonly lostMessage?: string;
  /** What to tell when it was accepted and reading back cannot show it. */
  readonly unseenMessage?: string;
  /** Sends the call. Rejects with a `SiteError`. */
  run(): Promise<void>;
}

/** The smallest set of calls that makes a change of one thing true, or why there is none. */
export type SinglePlan =
  | { readonly kind: "refused"; readonly fault: ChangeFault }
  | {
      readonly kind: "settled";
      /** `STARTED`, `REMOVED`: an earlier call of ours is under way, or has brought it about meanwhile. */
      readonly outcome: "ALREADY_EXISTS" | "NOT_PRESENT" | "STARTED" | "REMOVED";
    }
  | {
      readonly kind: "steps";
      readonly steps: readonly [SingleStep, ...SingleStep[]];
      /** What it is when the steps are through. */
      readonly outcome: Extract<ChangeOutcome, "CREATED" | "REPLACED" | "REMOVED">;
    };

/** A change of one account or group as a whole: whether it exists, and whether it can be used. */
export interface SingleChange<State> {
  readonly action: string;
  /** Whom it is about, for the audit. */
  readonly subject: Readonly<Record<string, unknown>>;
  /** What stands in the way of writing, although the plan may be shown. */
  readonly objection: ChangeFault | null;
  /** Reads what is there now, past every cache. Rejects with a `SiteError`. */
  read(): Promise<State>;
  plan(state: State): SinglePlan;
  /** For the audit. */
  describe(state: State): readonly string[];
}
