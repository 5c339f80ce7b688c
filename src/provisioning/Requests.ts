import { createHash, createHmac } from "node:crypto";
import {
  acknowledgements,
  type ChangeAction,
  type ChangeFault,
  type ChangeFaultCode,
  type ChangeOutcome,
} from "../domain/Change.js";
import type { SiteId } from "../domain/ids.js";
import type { ChangeRecord, EarlierChanges, RecordEntry, RecordedChange, RequestKey } from "../record/ChangeRecord.js";
import { canonicalJson } from "../record/chain.js";
import { RecordUnavailable } from "../record/Sql.js";

/** A request of a caller for changes. */
export interface ChangeRequest {
  /** Whose token asks. */
  readonly caller: string;
  /** The caller's own id of the request; `null`: it is carried out whenever it comes. */
  readonly callerRequestId: string | null;
  readonly isDryRun: boolean;
  /** Which mutation it is. */
  readonly name: string;
  /** Its input as it came. A password in it is compared by a keyed digest and stored nowhere. */
  readonly input: object;
}

/** What an earlier call of the same request came to, where it did not end for good. */
export interface Earlier<Result> {
  /** How it ended; `null` where it did not. */
  readonly result: Result | null;
  /** What it left in the record, change by change. */
  readonly changes: EarlierChanges;
}

export interface CarryingOut<Result> {
  /** Carries the request out, or what is left of it. */
  run(earlier: Earlier<Result> | null): Promise<Result>;
  /** Whether this is what every repeat is answered. */
  isFinal(result: Result): boolean;
}

/** What a request is answered; a repeat of one that ended is answered from the record, and nothing is written. */
type RequestAnswer<Result> =
  | { readonly kind: "carriedOut" | "repeated"; readonly result: Result }
  | { readonly kind: "refused"; readonly fault: ChangeFault };

/**
 * Requests that a caller may repeat as often as it likes: by its own id each is carried out once, over restarts and over all
 * processes of one record. Results are plain data.
 */
export class Requests {
  readonly #record: ChangeRecord;
  readonly #passwordKey: string;

  /** `passwordKey`: a secret that all processes of the record share, and the record does not hold. */
  constructor({ record, passwordKey }: { readonly record: ChangeRecord; readonly passwordKey: string }) {
    this.#record = record;
    this.#passwordKey = passwordKey;
  }

  async answer<Result>(request: ChangeRequest, carryingOut: CarryingOut<Result>): Promise<RequestAnswer<Result>> {
    const { caller, callerRequestId, isDryRun } = request;
    if (callerRequestId === null || isDryRun) {
      return { kind: "carriedOut", result: await carryingOut.run(null) };
    }
    if (callerRequestId.trim() === "" || callerRequestId.length > longestId) return refused(idUnusable);
    try {
      const key = { caller, callerRequestId };
      const claim = await this.#record.claim(key, this.#digestOf(request));
      switch (claim.kind) {
        case "inProgress":
          return refused(inProgress);
        case "reused":
          return refused(reused);
        case "answered":
          return { kind: "repeated", result: JSON.parse(claim.result) as Result };
        case "claimed":
          return { kind: "carriedOut", result: await this.#carryOut(key, claim.earlier, carryingOut) };
      }
    } catch (error) {
      if (error instanceof RecordUnavailable) return refused(unavailable);
      throw error;
    }
  }

  async #carryOut<Result>(
    key: RequestKey,
    left: { readonly result: string | null } | null,
    { run, isFinal }: CarryingOut<Result>,
  ): Promise<Result> {
    let result: Result;
    try {
      const earlier = left && {
        result: left.result === null ? null : (JSON.parse(left.result) as Result),
        changes: new LeftChanges(await this.#record.changesOf(key)),
      };
      result = await run(earlier);
    } catch (error) {
      await this.#record.release(key).catch(() => undefined);
      throw error;
    }
    // What cannot be stored now is found again by its changes: each is on record by itself, or says in its answer that it is not.
    await this.#record
      .finish(key, { result: JSON.stringify(result), isFinal: isFinal(result) })
      .catch((error: unknown) => {
        if (!(error instanceof RecordUnavailable)) throw error;
      });
    return result;
  }

  /**
   * The same for the same input, in whatever order its fields came; what was left out counts as null. An acknowledgement does
   * not count: who was asked for one repeats the request with it.
   */
  #digestOf({ name, input }: ChangeRequest): string {
    const unsaid = Object.fromEntries(["requestId", ...acknowledgements].map((field) => [field, undefined]));
    const told = JSON.stringify({ ...input, ...unsaid }, (key, value: unknown) => {
      if (value === null) return undefined;
      const isPassword = key === "password" && typeof value === "string";
      return isPassword ? createHmac("sha256", this.#passwordKey).update(value).digest("hex") : value;
    });
    return createHash("sha256")
      .update(canonicalJson([name, JSON.parse(told)]))
      .digest("hex");
  }
}

/** A caller's request id has so many characters at most. */
const longestId = 200;

function refused(fault: ChangeFault): { readonly kind: "refused"; readonly fault: ChangeFault } {
  return { kind: "refused", fault };
}

const idUnusable: ChangeFault = {
  code: "INVALID_INPUT",
  field: ["requestId"],
  message: `A requestId has 1 to ${longestId} characters.`,
};

const inProgress: ChangeFault = {
  code: "IN_PROGRESS",
  field: ["requestId"],
  message: "A call with this requestId is under way. Ask again in a moment: the same call answers how it ended.",
};

const reused: ChangeFault = {
  code: "REQUEST_ID_REUSED",
  field: ["requestId"],
  message:
    "This requestId was used for another input. Give every request an id of its own, and repeat one unchanged but for acknowledgements.",
};

const unavailable: ChangeFault = {
  code: "AUDIT_UNAVAILABLE",
  field: [],
  message:
    "The record cannot be reached, so it is not known whether this request was carried out before, and nothing was changed. Check where it is kept: DATABASE_URL, STATE_DIR.",
};

/** Whatever may end otherwise when it is asked for again: it goes on, is not known, could not be reached, was not allowed, or was not said to be meant. */
const passing: ReadonlySet<ChangeFaultCode> = new Set<ChangeFaultCode>([
  "ACCOUNT_PENDING",
  "ANSWER_LOST",
  "STATE_UNKNOWN",
  "UPSTREAM_UNAVAILABLE",
  "AUDIT_UNAVAILABLE",
  "PROVISIONING_DISABLED",
  "ACKNOWLEDGEMENT_REQUIRED",
  "FORBIDDEN",
  "OWN_ACCESS",
  "POLICY_DENIED",
  "POLICY_UNAVAILABLE",
  "POLICY_OUTDATED",
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
class LeftChanges implements EarlierChanges {
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
  take(siteId: SiteId, action: ChangeAction, subject: Readonly<Record<string, unknown>>): RecordedChange | null {
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
