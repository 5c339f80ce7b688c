import type { ChangeFault, ChangeFaultCode, ChangeOutcome } from "../../domain/Change.js";
import type { SiteId } from "../../domain/ids.js";
import type { EarlierChanges, RecordEntry, RecordedChange } from "../../record/ChangeRecord.js";
import { canonicalJson } from "../../record/chain.js";

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

/** What an earlier call of a request left in the record, found by what each change is about. */
export class LeftChanges implements EarlierChanges {
  readonly #byChange = new Map<string, RecordedChange[]>();

  /** `changes`: oldest first. */
  constructor(changes: readonly RecordedChange[]) {
    for (const change of changes) {
      const entry = change.attempt ?? change.result;
      if (entry === null || !isOfUse(change)) continue;
      const name = nameOf(entry.siteId, entry.action, entry.subject);
      this.#byChange.set(name, [...(this.#byChange.get(name) ?? []), change]);
    }
  }

  /** The same change may be asked for several times in one request: they are told in the order in which they came. */
  take(siteId: SiteId, action: string, subject: Readonly<Record<string, unknown>>): RecordedChange | null {
    return this.#byChange.get(nameOf(siteId, action, subject))?.shift() ?? null;
  }
}

/** Left without an end, or ended for good. What ended otherwise begins anew. */
function isOfUse({ result }: RecordedChange): boolean {
  return result === null || isFinal(endOf(result));
}

/** How a change ended, as its entry says. The field of the input at fault is not recorded. */
export function endOf({ outcome, fault, plan }: RecordEntry): {
  readonly outcome: ChangeOutcome;
  readonly fault: ChangeFault | null;
  readonly plan: readonly string[];
} {
  const parted = fault === null ? null : /^([A-Z_]+): (.*)$/s.exec(fault);
  return {
    outcome: (outcome ?? "FAILED") as ChangeOutcome,
    fault: parted === null ? null : { code: parted[1] as ChangeFaultCode, field: [], message: parted[2] ?? "" },
    plan,
  };
}

function nameOf(siteId: SiteId, action: string, subject: Readonly<Record<string, unknown>>): string {
  return canonicalJson([siteId, action, subject]);
}
