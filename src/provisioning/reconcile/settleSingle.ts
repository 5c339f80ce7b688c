import type { ChangeFault } from "../../domain/Change.js";
import { SiteError } from "../../domain/SiteError.js";
import type { Provenance, RecordEntry } from "../../record/ChangeRecord.js";
import { RecordUnavailable } from "../../record/Sql.js";
import { faultFromError } from "../faults.js";
import type { PlaceQueue } from "./PlaceQueue.js";
import type { Plan } from "./Plan.js";
import { type Reconciled, rehearse } from "./reconcile.js";
import { type Place, PlaceUnknown, type Task } from "./Task.js";

/** A change of one account or group as a whole: whether it exists, and whether it can be used. */
export interface SingleChange<State> {
  readonly action: string;
  /** Whom it is about, for the record. */
  readonly subject: Readonly<Record<string, unknown>>;
  /** What stands in the way of writing, although the plan may be shown. */
  readonly objection: ChangeFault | null;
  /** Reads what is there now, past every cache. Rejects with a `SiteError`. */
  read(): Promise<State>;
  plan(state: State): Plan | Promise<Plan>;
  /** See `Task`. */
  takesAdministration?(state: State): boolean;
  /** For the record. */
  describe(state: State): readonly string[];
  /** What the inverse needs and `describe` does not tell. */
  undoFacts?(state: State): Promise<Readonly<Record<string, unknown>> | null>;
}

export interface SingleSettlement {
  readonly queue: PlaceQueue;
  /** Names whom the change is about: one at a time for each. */
  readonly lockKey: string;
  readonly provenance: Provenance;
  readonly isDryRun: boolean;
  /** What an earlier attempt of the same change left in the record. */
  readonly resumes: RecordEntry | null;
}

/**
 * Settles a change that nothing else is planned with. After each step everything is read again and what is left is planned on
 * that, so that a step may need what the one before made. No step is ever sent twice.
 */
export async function settleSingle<State>(
  change: SingleChange<State>,
  { queue, lockKey, provenance, isDryRun, resumes }: SingleSettlement,
  /** What is to be noted of the end, before anybody else is at it. Not after a dry run. */
  conclude: (ended: Reconciled<State>) => void | Promise<void> = () => undefined,
): Promise<Reconciled<State>> {
  const place: Place<State> = {
    key: lockKey,
    read: async () => {
      try {
        return await change.read();
      } catch (error) {
        if (error instanceof RecordUnavailable) throw new PlaceUnknown(recordNotRead);
        if (!(error instanceof SiteError)) throw error;
        throw new PlaceUnknown({ ...faultFromError(error), code: "STATE_UNKNOWN" }, error.status);
      }
    },
  };
  const task: Task<State> = {
    ...change,
    plan: (state) => change.plan(state),
    describe: (state) => change.describe(state),
    takesAdministration: (state) => change.takesAdministration?.(state) ?? false,
    subjectKey: lockKey,
    readsAfterEachStep: true,
    provenance,
    resumes,
    // Nothing is planned after it.
    simulate: (state) => state,
    ...(change.undoFacts === undefined ? {} : { undoFacts: (state: State) => change.undoFacts?.(state) ?? none }),
  };
  if (!isDryRun) return queue.alone(place, task, conclude);
  const [rehearsed] = await rehearse(place, [task]);
  if (rehearsed === undefined) throw new Error("A change without an ending.");
  return rehearsed;
}

const recordNotRead: ChangeFault = {
  code: "AUDIT_UNAVAILABLE",
  field: [],
  message:
    "What was sent earlier could not be looked up in the record, so nothing was changed. Check where it is kept: DATABASE_URL, STATE_DIR.",
};

const none = Promise.resolve(null);
