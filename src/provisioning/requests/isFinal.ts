import type { ChangeFault, ChangeFaultCode, ChangeOutcome } from "../../domain/Change.js";

/** Whatever may end otherwise when it is asked for again: it goes on, is not known, could not be reached, was not allowed, or was not said to be meant. */
const passing: ReadonlySet<ChangeFaultCode> = new Set<ChangeFaultCode>([
  "ACCOUNT_PENDING",
  "ANSWER_LOST",
  "STATE_UNKNOWN",
  "UPSTREAM_UNAVAILABLE",
  "AUDIT_UNAVAILABLE",
  "PROVISIONING_DISABLED",
  "ACKNOWLEDGEMENT_REQUIRED",
]);

/** Whether the answer to a change is what every repeat of its request is told. */
export function isFinal({
  outcome,
  fault,
}: {
  readonly outcome: ChangeOutcome;
  readonly fault: ChangeFault | null;
}): boolean {
  return outcome !== "STARTED" && (fault === null || !passing.has(fault.code));
}
