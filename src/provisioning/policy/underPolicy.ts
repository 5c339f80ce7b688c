import { randomUUID } from "node:crypto";
import type { ChangeFault } from "../../domain/Change.js";
import type { AccountId, SiteId } from "../../domain/ids.js";
import type {
  ChangeRecord,
  PlannedChange,
  Provenance,
  RecordDraft,
  RecordedPolicy,
} from "../../record/ChangeRecord.js";
import { canonicalJson } from "../../record/chain.js";
import type { PolicyAnswer, PolicyHook } from "./PolicyHook.js";

/** The policy does not let the mutation be carried out: nothing was written. */
export class PolicyRefusal extends Error {
  override readonly name = "PolicyRefusal";

  constructor(
    readonly fault: ChangeFault,
    readonly answer: PolicyAnswer,
  ) {
    super(fault.message);
  }
}

interface Asked<Result> {
  readonly mutation: string;
  readonly isDryRun: boolean;
  readonly provenance: Provenance;
  /** Where a denial stands. */
  readonly record: ChangeRecord;
  /** Plans all of it, or carries it out. */
  run(provenance: Provenance, isDryRun: boolean): Promise<Result>;
}

/**
 * Carries a mutation out under a policy: planned as a dry run, asked about with all its plans and while no lock is held, and then
 * carried out on what is there by then, of which no call is sent that was not in what the policy saw. Where nothing would be done
 * nobody is asked. Rejects with a `PolicyRefusal`.
 */
export async function underPolicy<Result>(
  policy: PolicyHook | null,
  { mutation, isDryRun, provenance, record, run }: Asked<Result>,
): Promise<{ readonly result: Result; readonly answer: PolicyAnswer | null }> {
  if (policy === null) return { result: await run(provenance, isDryRun), answer: null };
  const plans = new SeenPlans();
  const rehearsed = await run({ ...provenance, plans }, true);
  plans.close();
  const { changes } = plans;
  if (changes.length === 0) {
    return { result: isDryRun ? rehearsed : await run({ ...provenance, plans }, false), answer: null };
  }
  const { caller: name, requestedBy, reason, requestId } = provenance;
  const caller = { name, requestedBy, reason, requestId };
  const answer = await policy.ask({ mutation, isDryRun, caller, changes });
  if (isDryRun) return { result: rehearsed, answer };
  const told: RecordedPolicy = { decision: answer.decision, reason: answer.reason };
  if (answer.decision !== "ALLOWED") {
    const fault = faultOf(answer);
    await recordDenial(record, changes, { fault, provenance: { ...provenance, policy: told } });
    throw new PolicyRefusal(fault, answer);
  }
  return { result: await run({ ...provenance, plans, policy: told }, false), answer };
}

function faultOf({ decision, reason }: PolicyAnswer): ChangeFault {
  return decision === "DENIED"
    ? { code: "POLICY_DENIED", field: [], message: `The policy denies it: ${reason ?? "it gives no reason."}` }
    : { code: "POLICY_UNAVAILABLE", field: [], message: `The policy gave no answer that can be used. ${reason ?? ""}` };
}

/** What was denied stands in the record, each change by itself. A record that cannot be written changes nothing about it. */
async function recordDenial(
  record: ChangeRecord,
  changes: readonly PlannedChange[],
  { fault, provenance }: { readonly fault: ChangeFault; readonly provenance: Provenance },
): Promise<void> {
  const none = { after: null, promised: null, upstreamStatus: null, undo: null };
  for (const { siteId, action, subject, plan, reach, before } of changes) {
    const draft: RecordDraft = {
      ...{ phase: "result" as const, changeId: randomUUID(), siteId, action, subject, plan, reach, before, ...none },
      ...{ outcome: "FAILED", fault: `${fault.code}: ${fault.message}` },
    };
    await record.append(draft, provenance).catch(() => undefined);
  }
}

/** What was planned before the policy was asked, and with that what it saw. */
class SeenPlans {
  readonly changes: PlannedChange[] = [];
  #isClosed = false;

  note(change: PlannedChange): void {
    if (!this.#isClosed) this.changes.push(change);
  }

  /** What is planned from now on the policy does not see. */
  close(): void {
    this.#isClosed = true;
  }

  /** Whether calls stood in a plan of the same change that the policy saw. */
  hold(change: Pick<PlannedChange, "siteId" | "action" | "subject">, texts: readonly string[]): boolean {
    const subject = canonicalJson(change.subject);
    return this.changes.some(
      (seen) =>
        seen.siteId === change.siteId &&
        seen.action === change.action &&
        subjectAs(seen.subject, change.subject) === subject &&
        texts.every((text) => seen.plan.some((each) => each === text || each.endsWith(`: ${text}`))),
    );
  }
}

/** The subject of a plan, with what was still to be made then named as it is named now. */
function subjectAs(seen: PlannedChange["subject"], now: PlannedChange["subject"]): string {
  const principal = (now.principal ?? {}) as Readonly<Record<string, unknown>>;
  const accountId = now.accountId ?? principal.accountId;
  const groupId = now.groupId ?? principal.groupId;
  return canonicalJson(seen)
    .replaceAll(JSON.stringify(newcomer), JSON.stringify(accountId ?? newcomer))
    .replaceAll(JSON.stringify(stillToBeMade), JSON.stringify(groupId ?? stillToBeMade));
}

/** Stands for an account that is not there yet; never sent anywhere. */
export const newcomer = "newcomer" as AccountId;

/** Stands for the id of a group in a dry run; never sent anywhere. */
export const stillToBeMade = "group still to be made";

/** Why calls are not sent that no policy saw. */
export function faultOfUnseen(
  { plans }: Provenance,
  change: {
    readonly siteId: string;
    readonly action: PlannedChange["action"];
    readonly subject: PlannedChange["subject"];
  },
  texts: readonly string[],
): ChangeFault | null {
  if (plans === undefined || plans.hold({ ...change, siteId: change.siteId as SiteId }, texts)) return null;
  return {
    code: "POLICY_OUTDATED",
    field: [],
    message:
      "What is there changed while the policy was asked, and other calls would be needed than it allowed. Ask again.",
  };
}
