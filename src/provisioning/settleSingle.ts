import type { ChangeFault } from "../domain/ChangeFault.js";
import type { ChangeOutcome } from "../domain/ChangeOutcome.js";
import type { SiteId } from "../domain/ids.js";
import { SiteError } from "../domain/SiteError.js";
import type { AuditEntry, AuditLog, Provenance } from "./AuditLog.js";
import { answerLost } from "./answerLost.js";
import { faultFromError } from "./faultFromError.js";
import { isLost } from "./isLost.js";
import { isRefusal } from "./isRefusal.js";
import type { SingleChange, SinglePlan, SingleStep } from "./SingleChange.js";
import type { ChangeResult } from "./settlePlace.js";

export interface SingleSettlement {
  readonly siteId: SiteId;
  readonly audit: AuditLog;
  readonly provenance: Provenance;
  readonly isDryRun: boolean;
}

/** How the change ended, and what was read before and after; `null` what could not be read. */
export interface SingleSettled<State> extends ChangeResult {
  readonly before: State | null;
  readonly after: State | null;
}

/**
 * Read, plan, record, write, read back, answer from what was read. After each step everything is read again and what is left
 * is planned on that, so that a step may need what the one before made. No step is ever sent twice.
 */
export async function settleSingle<State>(
  change: SingleChange<State>,
  settlement: SingleSettlement,
): Promise<SingleSettled<State>> {
  const { isDryRun } = settlement;
  let before: State | null = null;
  let plan: readonly string[] = [];
  const end = async (
    ending: { readonly outcome: ChangeOutcome; readonly fault?: ChangeFault; readonly after: State | null },
    error: SiteError | null = null,
  ): Promise<SingleSettled<State>> => {
    const result = { outcome: ending.outcome, fault: ending.fault ?? null, plan, before, after: ending.after };
    if (isDryRun) return result;
    try {
      await settlement.audit.record(entryOf("result", result, error), settlement.provenance);
      return result;
    } catch {
      return { ...result, fault: result.fault ?? auditUnavailable };
    }
  };

  try {
    before = await change.read();
  } catch (error) {
    return end({ outcome: "FAILED", fault: unknown(error), after: null }, error instanceof SiteError ? error : null);
  }
  const first = change.plan(before);
  if (first.kind === "settled") return end({ outcome: first.outcome, after: before });
  if (first.kind === "refused") return end({ outcome: "FAILED", fault: first.fault, after: before });
  plan = first.steps.map(({ text }) => text);
  if (isDryRun) return { outcome: "PLANNED", fault: null, plan, before, after: before };
  if (change.objection !== null) return end({ outcome: "FAILED", fault: change.objection, after: before });
  try {
    const attempt = { outcome: null, fault: null, plan, before, after: null };
    await settlement.audit.record(entryOf("attempt", attempt, null), settlement.provenance);
  } catch {
    return { outcome: "FAILED", fault: auditUnavailable, plan, before, after: before };
  }

  const sent = new Map<string, SiteError | null>();
  let state = before;
  let last: SiteError | null = null;
  for (let rest: SinglePlan = first; rest.kind === "steps"; rest = change.plan(state)) {
    const [step] = rest.steps;
    const earlier = sent.get(step.text);
    if (earlier !== undefined) {
      return end({ outcome: "FAILED", fault: notDone(step, earlier), after: state }, earlier);
    }
    last = await send(step);
    sent.set(step.text, last);
    try {
      state = await change.read();
    } catch (error) {
      return end({ outcome: "FAILED", fault: unknown(error), after: null }, last);
    }
  }
  const rest = change.plan(state);
  if (rest.kind === "refused") return end({ outcome: "FAILED", fault: rest.fault, after: state }, last);
  // Somebody else did it between our reading and our call.
  const wasSoAlready = rest.kind === "settled" && sent.size === 1 && last !== null && isRefusal(last);
  const isUnderWay = rest.kind === "settled" && rest.outcome === "STARTED";
  return end({ outcome: wasSoAlready || isUnderWay ? rest.outcome : first.outcome, after: state }, last);

  function entryOf(
    phase: AuditEntry["phase"],
    result: { readonly outcome: string | null; readonly fault: ChangeFault | null; readonly after: State | null },
    error: SiteError | null,
  ): AuditEntry {
    const { fault, outcome, after } = result;
    return {
      phase,
      siteId: settlement.siteId,
      action: change.action,
      subject: change.subject,
      plan,
      before: before === null ? [] : change.describe(before),
      after: phase === "attempt" || after === null ? null : change.describe(after),
      outcome,
      fault: fault === null ? null : `${fault.code}: ${fault.message}`,
      upstreamStatus: error?.status ?? null,
    };
  }
}

async function send(step: SingleStep): Promise<SiteError | null> {
  try {
    await step.run();
    return null;
  } catch (error) {
    if (error instanceof SiteError) return error;
    throw error;
  }
}

/** Why a step that was sent shows no effect. */
function notDone({ lostMessage, unseenMessage }: SingleStep, error: SiteError | null): ChangeFault {
  if (error === null) {
    const message =
      unseenMessage ??
      "The change was accepted, but reading back does not show it yet. Ask again before you repeat it.";
    return { code: "STATE_UNKNOWN", field: [], message };
  }
  if (!isLost(error)) return faultFromError(error);
  return lostMessage === undefined ? answerLost : { code: "STATE_UNKNOWN", field: [], message: lostMessage };
}

const auditUnavailable: ChangeFault = {
  code: "AUDIT_UNAVAILABLE",
  field: [],
  message: "The audit log cannot be written. Check AUDIT_LOG.",
};

function unknown(error: unknown): ChangeFault {
  if (!(error instanceof SiteError)) throw error;
  return { ...faultFromError(error), code: "STATE_UNKNOWN" };
}
