import type { ChangeFault } from "../domain/ChangeFault.js";
import type { ChangeOutcome } from "../domain/ChangeOutcome.js";
import { SiteError } from "../domain/SiteError.js";
import type { AuditEntry, AuditLog, Provenance } from "./AuditLog.js";
import { answerLost } from "./answerLost.js";
import type { Change } from "./Change.js";
import type { ChangePlace } from "./ChangePlace.js";
import { describeStep } from "./describeStep.js";
import { faultFromError } from "./faultFromError.js";
import { isLost } from "./isLost.js";
import { isRefusal } from "./isRefusal.js";
import { PlaceUnknown } from "./PlaceUnknown.js";
import type { Plan } from "./Plan.js";
import type { Step } from "./Step.js";

/** How one change ended. */
export interface ChangeResult {
  readonly outcome: ChangeOutcome;
  readonly fault: ChangeFault | null;
  /** The calls that were planned, in words; what a dry run shows and the real run does. */
  readonly plan: readonly string[];
}

interface Settlement {
  readonly siteId: string;
  readonly audit: AuditLog;
  readonly provenance: Provenance;
  readonly isDryRun: boolean;
}

interface Attempt {
  readonly change: Change;
  readonly plan: Plan;
  readonly before: readonly string[];
  result: ChangeResult | null;
  /** What ended the round. */
  error: SiteError | null;
  /** The step that it ended at. */
  failedStep: string | null;
  /** Steps whose answer was lost: never sent again. */
  readonly lost: Set<string>;
  /** Steps that were accepted, this round or before. */
  readonly accepted: Set<string>;
  /** True when a call was accepted, or may have been: otherwise what is found was somebody else's doing. */
  mayHaveActed: boolean;
  rounds: number;
}

/** A change is planned anew on what was read back at most this often. */
const maxRounds = 3;

/**
 * Settles changes of one place, each about another subject: one reading, a plan for each, the calls, one reading back.
 * Outcomes come from what was read. A call whose answer was lost is never sent again: reading back tells what became of it.
 */
export async function settlePlace<State>(
  place: ChangePlace<State>,
  changes: readonly Change[],
  settlement: Settlement,
): Promise<ChangeResult[]> {
  let state: State;
  try {
    state = await place.readState();
  } catch (error) {
    if (!(error instanceof PlaceUnknown)) throw error;
    const refused = changes.map((change) => begin(change, { kind: "refused", fault: error.fault }, []));
    if (!settlement.isDryRun) await Promise.all(refused.map((attempt) => recordResult(attempt, null, settlement)));
    return refused.map(({ result }) => result ?? failed(error.fault, []));
  }
  const attempts = await Promise.all(
    changes.map(async (change) => begin(change, await planSafely(place, change, state), place.describe(change, state))),
  );
  if (settlement.isDryRun) return attempts.map((attempt) => attempt.result ?? planned(attempt.plan));

  await Promise.all(attempts.map((attempt) => recordAttempt(attempt, settlement)));
  for (let open = pending(attempts); open.length > 0; open = pending(attempts)) {
    await Promise.all(open.map((attempt) => apply(place, attempt, state)));
    state = await verify(place, open, state);
  }
  await Promise.all(
    attempts.map((attempt) => {
      const isKnown = attempt.result?.fault?.code !== "STATE_UNKNOWN";
      return recordResult(attempt, isKnown ? place.describe(attempt.change, state) : null, settlement);
    }),
  );
  return attempts.map(({ result, plan }) => result ?? planned(plan));
}

function begin(change: Change, plan: Plan, before: readonly string[]): Attempt {
  const result =
    plan.kind === "refused" ? failed(plan.fault, []) : plan.kind === "settled" ? ended(plan.outcome, []) : null;
  return {
    ...{ change, plan, before, result, error: null, failedStep: null, mayHaveActed: false, rounds: 0 },
    lost: new Set(),
    accepted: new Set(),
  };
}

async function planSafely<State>(place: ChangePlace<State>, change: Change, state: State): Promise<Plan> {
  try {
    return await place.plan(change, state);
  } catch (error) {
    if (!(error instanceof SiteError)) throw error;
    return { kind: "refused", fault: { ...faultFromError(error), code: "STATE_UNKNOWN" } };
  }
}

function pending(attempts: readonly Attempt[]): Attempt[] {
  return attempts.filter(({ result }) => result === null);
}

/** The steps of one subject in order; the first that fails ends the round. */
async function apply<State>(place: ChangePlace<State>, attempt: Attempt, state: State): Promise<void> {
  attempt.error = null;
  attempt.failedStep = null;
  attempt.rounds += 1;
  const plan = attempt.rounds === 1 ? attempt.plan : await planSafely(place, attempt.change, state);
  for (const step of plan.kind === "steps" ? plan.steps : []) {
    const name = describeStep(step);
    if (attempt.lost.has(name)) return;
    try {
      await place.apply(attempt.change, step, state);
      attempt.accepted.add(name);
      attempt.mayHaveActed = true;
    } catch (error) {
      if (!(error instanceof SiteError)) throw error;
      attempt.error = error;
      attempt.failedStep = name;
      if (isLost(error)) attempt.lost.add(name);
      if (!isRefusal(error)) attempt.mayHaveActed = true;
      return;
    }
  }
}

/** Reads back, and ends every attempt that it can end. What is left is planned anew in another round. */
async function verify<State>(place: ChangePlace<State>, open: readonly Attempt[], state: State): Promise<State> {
  let now: State;
  try {
    now = await place.readState();
  } catch (error) {
    if (!(error instanceof PlaceUnknown)) throw error;
    for (const attempt of open)
      attempt.result = failed({ ...error.fault, code: "STATE_UNKNOWN" }, stepsOf(attempt.plan));
    return state;
  }
  for (const attempt of open) {
    const rest = await planSafely(place, attempt.change, now);
    const done = attempt.plan.kind === "steps" && attempt.mayHaveActed ? attempt.plan.outcome : null;
    if (rest.kind === "settled") attempt.result = ended(done ?? rest.outcome, stepsOf(attempt.plan));
    else if (!mayGoOn(attempt, rest)) attempt.result = failed(faultOf(attempt, rest), stepsOf(attempt.plan));
  }
  return now;
}

/**
 * Whether what is left may be sent. Never a call whose answer was lost, and never at once the very call that was accepted
 * or refused: only what has moved meanwhile, or a failure that was seen to have changed nothing, is worth another round.
 */
function mayGoOn(attempt: Attempt, rest: Plan): boolean {
  const { error, rounds, lost, accepted, failedStep } = attempt;
  if (rest.kind !== "steps" || rounds >= maxRounds) return false;
  const next = describeStep(rest.steps[0]);
  if (lost.has(next)) return false;
  if (error === null) return !accepted.has(next);
  return isRefusal(error) ? error.kind !== "Throttled" && next !== failedStep : true;
}

function faultOf({ error, lost }: Attempt, rest: Plan): ChangeFault {
  if (rest.kind === "refused") return rest.fault;
  if (rest.kind === "steps" && lost.has(describeStep(rest.steps[0]))) return answerLost;
  if (error !== null) return faultFromError(error);
  return {
    code: "STATE_UNKNOWN",
    field: [],
    message: "Confluence accepted the change, but reading back does not show it yet. Ask again before you repeat it.",
  };
}

function ended(outcome: ChangeOutcome, plan: readonly string[]): ChangeResult {
  return { outcome, fault: null, plan };
}

function failed(fault: ChangeFault, plan: readonly string[]): ChangeResult {
  return { outcome: "FAILED", fault, plan };
}

function planned(plan: Plan): ChangeResult {
  return { outcome: "PLANNED", fault: null, plan: stepsOf(plan) };
}

function stepsOf(plan: Plan): string[] {
  return plan.kind === "steps" ? plan.steps.map((step: Step) => describeStep(step)) : [];
}

/** The attempt is on record before the first call; where it cannot be recorded, nothing is changed. */
async function recordAttempt(attempt: Attempt, settlement: Settlement): Promise<void> {
  if (attempt.result !== null) return;
  try {
    await settlement.audit.record(
      entryOf(attempt, settlement, { phase: "attempt", after: null }),
      settlement.provenance,
    );
  } catch {
    const message = "The audit log cannot be written, so nothing was changed. Check AUDIT_LOG.";
    attempt.result = failed({ code: "AUDIT_UNAVAILABLE", field: [], message }, stepsOf(attempt.plan));
  }
}

/** How it ended is on record before the answer goes out; an answer without a record says so. */
async function recordResult(attempt: Attempt, after: readonly string[] | null, settlement: Settlement): Promise<void> {
  if (attempt.result?.fault?.code === "AUDIT_UNAVAILABLE") return;
  try {
    await settlement.audit.record(entryOf(attempt, settlement, { phase: "result", after }), settlement.provenance);
  } catch {
    const message = "How it ended could not be written to the audit log. Check AUDIT_LOG.";
    const fault: ChangeFault = { code: "AUDIT_UNAVAILABLE", field: [], message };
    if (attempt.result !== null) attempt.result = { ...attempt.result, fault: attempt.result.fault ?? fault };
  }
}

function entryOf(
  { change, plan, before, result, error }: Attempt,
  { siteId }: Settlement,
  facts: Pick<AuditEntry, "phase" | "after">,
): AuditEntry {
  const { kind, ...subject } = change;
  return {
    ...facts,
    siteId,
    action: kind,
    subject,
    plan: stepsOf(plan),
    before,
    outcome: result?.outcome ?? null,
    fault: result?.fault === null || result === null ? null : `${result.fault.code}: ${result.fault.message}`,
    upstreamStatus: error?.status ?? null,
  };
}
