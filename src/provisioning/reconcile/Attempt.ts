import { randomUUID } from "node:crypto";
import type { ChangeFault, ChangeOutcome } from "../../domain/Change.js";
import { type SiteError, siteErrorOf } from "../../domain/SiteError.js";
import type { RecordEntry } from "../../record/ChangeRecord.js";
import { faultFromError } from "../changeFaults.js";
import { endOf } from "../Requests.js";
import { type ChangeResult, type Plan, reachIn, type Step, type Task, textsOf } from "./Task.js";

/** True where a call may have been carried out although its answer did not come: settled by reading, never sent again. */
export function isLost(error: SiteError, { isDeferred = false }: Pick<Step, "isDeferred"> = {}): boolean {
  // What is carried out in its own time may be under way whatever was answered, unless the answer proves a refusal.
  if (isDeferred) return !isRefusal(error);
  // Who answers 504 gave up waiting: what stands behind may still be at work. Other failures were answered for good.
  return error.isAnswerLost && (error.kind !== "UpstreamFailed" || error.status === 504);
}

/** Refused for certain: nothing was changed by the call. */
export function isRefusal(error: SiteError): boolean {
  return error.kind !== "UpstreamFailed" && error.kind !== "Unreachable" && !error.isAnswerLost;
}

/** A change is planned anew on what was read back at most this often. */
const maxRounds = 3;

/** A change under way: what was planned, what was sent, and how it stands. */
export class Attempt<State> {
  readonly task: Task<State>;
  readonly changeId: string;
  /** The plan that the attempt was recorded with; what the outcome is told of. */
  plan: Plan | null = null;
  before: State | null = null;
  /** What the subject held then: told before any call of the attempt, which may explain the same list in another way. */
  held: readonly string[] = [];
  after: State | null = null;
  result: Omit<ChangeResult, "changeId"> | null = null;
  isRecorded = false;
  recordedPlan: readonly string[] | null = null;
  undo: Readonly<Record<string, unknown>> | null = null;
  /** What it is to end as when what was planned is there. */
  #promised: ChangeOutcome | null = null;
  /** What ended the last round. */
  error: SiteError | null = null;
  readonly #sent = new Map<string, { readonly step: Step; readonly error: SiteError | null }>();
  #failedStep: string | null = null;
  #mayHaveActed = false;
  #rounds = 0;
  /** An earlier call of the same request ended it: that is its answer, and nothing is done. */
  readonly isTold: boolean;

  constructor(task: Task<State>, told: RecordEntry | null = null) {
    const { resumes } = task;
    this.task = task;
    this.isTold = told !== null;
    if (told !== null) {
      this.result = endOf(told);
      this.isRecorded = true;
    }
    this.changeId = resumes?.changeId ?? told?.changeId ?? randomUUID();
    if (resumes === null) return;
    // What was recorded and never ended may have been carried out: what is found then is its doing.
    this.#mayHaveActed = true;
    this.#promised = resumes.promised as ChangeOutcome | null;
    this.undo = resumes.undo;
    this.held = resumes.before;
  }

  /** The calls that were planned, in words. */
  get planned(): readonly string[] {
    const texts = this.plan === null ? [] : textsOf(this.plan);
    const recorded = this.task.resumes?.plan;
    // What is left of a plan that was recorded is part of it.
    return recorded !== undefined && texts.every((text) => recorded.includes(text)) ? recorded : texts;
  }

  get promised(): ChangeOutcome | null {
    return this.#promised;
  }

  get isOpen(): boolean {
    return this.result === null;
  }

  /** Takes the plan made on the first reading, and ends what needs no call. Again after its lock was lost. */
  begin(plan: Plan, state: State): void {
    this.plan = plan;
    if (this.before === null) {
      this.before = state;
      if (this.task.resumes === null) this.held = this.task.describe(state);
    }
    this.after = state;
    if (plan.kind === "steps") this.#promised ??= plan.outcome;
    if (plan.kind === "refused") this.fail(plan.fault);
    else if (plan.kind === "noop") this.end(this.#outcomeOfNoop(plan.outcome));
    else this.#refuseUntold(plan.steps[0]);
  }

  /** What was found of an attempt that had ended before. */
  look(state: State): void {
    this.before ??= state;
    this.after = state;
  }

  /** A call that may have gone out before a kill, and of which no reading tells: it is not sent a second time unasked. */
  #refuseUntold({ text, isDeferred, lostMessage }: Step): void {
    if (this.task.resumes?.plan.includes(text) !== true || this.#sent.has(text)) return;
    if (isDeferred !== true && lostMessage === undefined) return;
    this.fail({ code: "STATE_UNKNOWN", field: [], message: lostMessage ?? mayHaveBeenSent });
  }

  /** Sends the steps of a plan in order, one where everything is read again after each; the first that fails ends the round. */
  async send(plan: Plan | null): Promise<void> {
    this.error = null;
    this.#failedStep = null;
    this.#rounds += 1;
    const steps = plan?.kind === "steps" ? plan.steps : [];
    for (const step of this.task.readsAfterEachStep ? steps.slice(0, 1) : steps) {
      if (this.#isLost(step.text)) return;
      try {
        await step.run();
        this.#sent.set(step.text, { step, error: null });
        this.#mayHaveActed = true;
      } catch (thrown) {
        const error = siteErrorOf(thrown);
        this.#sent.set(step.text, { step, error });
        this.error = error;
        this.#failedStep = step.text;
        if (!isRefusal(error)) this.#mayHaveActed = true;
        return;
      }
    }
  }

  /** Ends on what was read back where it can; what is left is to be sent in another round. */
  verify(rest: Plan, state: State): void {
    this.after = state;
    if (rest.kind === "noop") this.end(this.#outcomeOfNoop(rest.outcome));
    else if (rest.kind === "refused") this.#refuseAfterwards(rest.fault);
    else if (!this.#mayGoOn(rest.steps[0])) this.fail(this.#faultOfUnfinished(rest.steps[0]));
  }

  end(outcome: ChangeOutcome): void {
    this.result = { outcome, fault: null, plan: this.planned, reach: reachIn(this.plan) };
  }

  fail(fault: ChangeFault): void {
    this.result = { outcome: "FAILED", fault, plan: this.planned, reach: reachIn(this.plan) };
  }

  /** Where what was there before the call is found no more, nothing is seen of what became of the call. */
  #refuseAfterwards(fault: ChangeFault): void {
    if (this.#mayHaveActed && fault.code.endsWith("_NOT_FOUND")) this.failUnknown(fault);
    else this.fail(fault);
  }

  /** What was brought about stands; what it has left behind is told with it. */
  async lookBack(): Promise<void> {
    const { result, after, task } = this;
    if (result === null || result.fault !== null || after === null || !this.#mayHaveActed) return;
    const fault = (await task.lookBack?.(after)) ?? null;
    if (fault !== null) this.result = { ...result, fault };
  }

  /** Nothing that was sent can be told: what is there could not be read back. */
  failUnknown(fault: ChangeFault): void {
    this.after = null;
    this.fail({ ...fault, code: "STATE_UNKNOWN" });
  }

  /** What was brought about, where that may have been us; else it was so already, or is somebody else's doing. */
  #outcomeOfNoop(outcome: ChangeOutcome): ChangeOutcome {
    // What goes on by way of something else was not brought about, whatever was sent.
    if (!this.#mayHaveActed || outcome === "STARTED" || outcome === "KEPT" || outcome === "INHERITED") return outcome;
    return this.#promised ?? outcome;
  }

  #isLost(text: string): boolean {
    const sent = this.#sent.get(text);
    return sent?.error != null && isLost(sent.error, sent.step);
  }

  /**
   * Whether what is left may be sent. Never a call whose answer was lost, and never at once the very call that was accepted
   * or refused: only what has moved meanwhile, or a failure that was seen to have changed nothing, is worth another round.
   */
  #mayGoOn(next: Step): boolean {
    const sent = this.#sent.get(next.text);
    if (this.#isLost(next.text)) return false;
    if (this.task.readsAfterEachStep) return sent === undefined;
    if (this.#rounds >= maxRounds) return false;
    if (this.error === null) return sent === undefined;
    if (!isRefusal(this.error)) return sent === undefined || next.mayRepeat === true;
    return this.error.kind !== "Throttled" && next.text !== this.#failedStep;
  }

  #faultOfUnfinished(next: Step): ChangeFault {
    const sent = this.#sent.get(next.text);
    if (sent?.error != null && isLost(sent.error, sent.step)) {
      const { lostMessage } = sent.step;
      return lostMessage === undefined ? answerLost : { code: "STATE_UNKNOWN", field: [], message: lostMessage };
    }
    const error = sent?.error ?? this.error;
    if (error !== null) return faultFromError(error);
    const message = sent?.step.unseenMessage ?? notSeenYet;
    return { code: "STATE_UNKNOWN", field: [], message };
  }
}

const mayHaveBeenSent =
  "The process ended while this was being sent, and what is there does not tell whether it was. Look before you repeat it.";

const notSeenYet = "The change was accepted, but reading back does not show it yet. Ask again before you repeat it.";

/** A call whose answer was lost, and that reading back shows not to have been carried out. */
const answerLost: ChangeFault = {
  code: "ANSWER_LOST",
  field: [],
  message:
    "The answer to the change was lost, and reading back shows that it was not carried out. It is safe to repeat.",
};
