import type { ChangeFault, ChangeFaultCode, ChangeOutcome, Reach } from "../../domain/Change.js";

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

export interface StepsPlan {
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
