import type { ChangeFault } from "../../domain/Change.js";
import type { SiteId } from "../../domain/ids.js";
import type { ChangeRecord, RecordDraft, RecordEntry } from "../../record/ChangeRecord.js";
import type { Hold } from "../../record/Locks.js";
import type { Attempt } from "./Attempt.js";
import { reachIn } from "./Task.js";

/** What changes are carried out with. */
export interface Reconciliation {
  readonly siteId: string;
  readonly record: ChangeRecord;
  /** The lock of the target: asked before each round of calls whether it is still ours. */
  readonly hold: Hold;
  /** Told of each entry. */
  readonly noteOwn?: ((entry: RecordEntry) => void) | undefined;
}

/** The attempt is on record before the first call; where it cannot be recorded, nothing is changed. */
export async function recordAttempt<State>(
  attempt: Attempt<State>,
  state: State,
  reconciliation: Reconciliation,
): Promise<void> {
  // It stands there already: before a kill, or before its lock was lost.
  const recorded = attempt.recordedPlan ?? attempt.task.resumes?.plan;
  if (recorded?.join("\n") === attempt.planned.join("\n")) return;
  attempt.undo ??= (await attempt.task.undoFacts?.(state)) ?? null;
  try {
    await append(attempt, "attempt", reconciliation);
    attempt.isRecorded = true;
    attempt.recordedPlan = attempt.planned;
  } catch {
    attempt.fail(notRecordedBefore);
  }
}

/** The record cannot be reached, and with it no lock: what was not begun is not, and what was is told without its record. */
export function endUnrecorded<State>(attempt: Attempt<State>): void {
  const { result, isRecorded, isTold } = attempt;
  if (isTold) return;
  if (result !== null) attempt.result = { ...result, fault: result.fault ?? notRecordedAfter };
  else attempt.fail(isRecorded ? notKnown : notRecordedBefore);
}

/** How it ended is on record before the answer goes out; an answer without a record says so. */
export async function recordResult<State>(attempt: Attempt<State>, reconciliation: Reconciliation): Promise<void> {
  const { result } = attempt;
  if (result === null || attempt.isTold || result.fault?.code === "AUDIT_UNAVAILABLE") return;
  try {
    await append(attempt, "result", reconciliation);
    attempt.isRecorded = true;
  } catch {
    attempt.result = { ...result, fault: result.fault ?? notRecordedAfter };
  }
}

async function append<State>(
  attempt: Attempt<State>,
  phase: RecordDraft["phase"],
  reconciliation: Reconciliation,
): Promise<void> {
  const { record, noteOwn } = reconciliation;
  const entry = await record.append(draftOf(attempt, phase, reconciliation), attempt.task.provenance);
  noteOwn?.(entry);
}

function draftOf<State>(attempt: Attempt<State>, phase: RecordDraft["phase"], { siteId }: Reconciliation): RecordDraft {
  const { task, changeId, after, result, error, undo } = attempt;
  return {
    phase,
    changeId,
    siteId: siteId as SiteId,
    action: task.action,
    subject: task.subject,
    plan: attempt.planned,
    reach: reachIn(attempt.plan),
    before: attempt.held,
    after: phase === "attempt" || after === null ? null : task.describe(after),
    outcome: result?.outcome ?? null,
    promised: attempt.promised,
    fault: result?.fault == null ? null : `${result.fault.code}: ${result.fault.message}`,
    upstreamStatus: error?.status ?? null,
    undo,
  };
}

const notRecordedBefore: ChangeFault = {
  code: "AUDIT_UNAVAILABLE",
  field: [],
  message:
    "The change could not be recorded, so nothing was changed. Check where the record is kept: DATABASE_URL, STATE_DIR, AUDIT_LOG.",
};

const notKnown: ChangeFault = {
  code: "AUDIT_UNAVAILABLE",
  field: [],
  message:
    "The record was lost while this was carried out, so how it ended is not known. Repeat the call with the same requestId when the record is back: what was sent is found, and not sent again.",
};

const notRecordedAfter: ChangeFault = {
  code: "AUDIT_UNAVAILABLE",
  field: [],
  message: "How it ended could not be recorded. Check where the record is kept: DATABASE_URL, STATE_DIR, AUDIT_LOG.",
};
