import type { ChangeAction, ChangeFault } from "../../domain/Change.js";
import type { SiteId } from "../../domain/ids.js";
import { siteErrorOf } from "../../domain/SiteError.js";
import type { ChangeRecord, Provenance, RecordEntry } from "../../record/ChangeRecord.js";
import { LockLost, type Locks } from "../../record/Locks.js";
import { RecordUnavailable } from "../../record/Sql.js";
import { faultFromError } from "../changeFaults.js";
import { Attempt } from "./Attempt.js";
import { byItself, type Reconciled, reconcile, reconciledOf, rehearse } from "./reconcile.js";
import { endUnrecorded } from "./recording.js";
import { type Plan, type Target, TargetUnknown, type Task } from "./Task.js";

/** Changes of one target carried out on one reading at most. */
const maxTogether = 200;

/** How often the lock of a target is taken again after it was lost to others. */
const maxLosses = 5;

interface Waiting<State> {
  readonly attempts: readonly Attempt<State>[];
  readonly done: (error: unknown) => void;
}

interface TargetQueueOptions {
  readonly siteId: string;
  readonly record: ChangeRecord;
  readonly locks: Locks;
  /** Told of each entry. */
  readonly noteOwn?: (entry: RecordEntry) => void;
}

/**
 * The changes of each target, one batch after the other. Callers that wait for the same target are reconciled together: one reading,
 * their calls, one reading back, instead of that for each.
 */
export class TargetQueue {
  readonly #options: TargetQueueOptions;
  /** Who waits for each target; a key is there for as long as somebody is at it. */
  readonly #waiting = new Map<string, Waiting<never>[]>();

  constructor(options: TargetQueueOptions) {
    this.#options = options;
  }

  get siteId(): string {
    return this.#options.siteId;
  }

  /** Carries out tasks of a target, in the order given, among those of others. */
  async run<State>(target: Target<State>, tasks: readonly Task<State>[]): Promise<Reconciled<State>[]> {
    const attempts = tasks.map((task) => this.#attemptOf(task));
    await new Promise<void>((resolve, reject) => {
      const entry: Waiting<State> = { attempts, done: (error) => (error === null ? resolve() : reject(error)) };
      const waiting = this.#waiting.get(target.key);
      if (waiting !== undefined) {
        waiting.push(entry as Waiting<never>);
        return;
      }
      this.#waiting.set(target.key, [entry as Waiting<never>]);
      void this.#work(target);
    });
    return attempts.map(reconciledOf);
  }

  /** Carries out one task by itself: its reading is its own, and is shared with nobody. */
  async alone<State>(
    target: Target<State>,
    task: Task<State>,
    conclude: (ended: Reconciled<State>) => void | Promise<void>,
  ): Promise<Reconciled<State>> {
    const attempt = this.#attemptOf(task);
    await this.#reconcile(target, [attempt], () => conclude(reconciledOf(attempt)));
    return reconciledOf(attempt);
  }

  /** A change anew, or as an earlier call of the same request left it. */
  #attemptOf<State>(task: Task<State>): Attempt<State> {
    const left = task.provenance.earlier?.take(this.#options.siteId as SiteId, task.action, task.subject) ?? null;
    if (left === null) return new Attempt(task);
    return left.result === null ? new Attempt({ ...task, resumes: left.attempt }) : new Attempt(task, left.result);
  }

  async #work<State>(target: Target<State>): Promise<void> {
    const { key } = target;
    let isFirst = true;
    for (let waiting = this.#waiting.get(key) ?? []; waiting.length > 0; waiting = this.#waiting.get(key) ?? []) {
      const batch = nextBatch(waiting) as Waiting<State>[];
      this.#waiting.set(key, waiting.slice(batch.length));
      const attempts = batch.flatMap((entry) => entry.attempts);
      const failure = await this.#reconcile(target, attempts, undefined, !isFirst).then(
        () => null,
        (error: unknown) => error,
      );
      isFirst = false;
      for (const { done } of batch) done(failure);
    }
    this.#waiting.delete(key);
  }

  async #reconcile<State>(
    target: Target<State>,
    attempts: readonly Attempt<State>[],
    conclude: () => void | Promise<void> = () => undefined,
    hasQueued = false,
  ): Promise<void> {
    const { siteId, record, locks, noteOwn } = this.#options;
    for (let losses = 0; ; losses += 1) {
      try {
        return await locks.run(target.key, async (hold) => {
          if (hold.hasWaited || hasQueued || losses > 0) {
            target.renew?.();
            for (const { task } of attempts) task.renew?.();
          }
          await reconcile(target, attempts, { siteId, record, hold, noteOwn });
          await conclude();
        });
      } catch (error) {
        if (error instanceof RecordUnavailable) return attempts.forEach(endUnrecorded);
        if (!(error instanceof LockLost) || losses >= maxLosses) throw error;
      }
    }
  }
}

/** Who waits first, and as many after it as fit. */
function nextBatch(waiting: readonly Waiting<never>[]): Waiting<never>[] {
  let count = 0;
  const end = waiting.findIndex(({ attempts }, index) => {
    count += attempts.length;
    return index > 0 && count > maxTogether;
  });
  return end === -1 ? [...waiting] : waiting.slice(0, end);
}

/** A change of one account or group as a whole: whether it exists, and whether it can be used. */
export interface StandaloneChange<State> {
  readonly action: ChangeAction;
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

export interface StandaloneOptions {
  readonly queue: TargetQueue;
  /** Names whom the change is about: one at a time for each. */
  readonly lockKey: string;
  readonly provenance: Provenance;
  readonly isDryRun: boolean;
  /** What an earlier attempt of the same change left in the record. */
  readonly resumes: RecordEntry | null;
}

/**
 * Reconciles a change that nothing else is planned with. After each step everything is read again and what is left is planned on
 * that, so that a step may need what the one before made. No step is ever sent twice.
 */
export async function reconcileStandalone<State>(
  change: StandaloneChange<State>,
  { queue, lockKey, provenance, isDryRun, resumes }: StandaloneOptions,
  /** What is to be noted of the end, before anybody else is at it. Not after a dry run. */
  conclude: (ended: Reconciled<State>) => void | Promise<void> = () => undefined,
): Promise<Reconciled<State>> {
  const target: Target<State> = {
    key: lockKey,
    read: async () => {
      try {
        return await change.read();
      } catch (error) {
        if (error instanceof RecordUnavailable) throw new TargetUnknown(recordNotRead);
        const failure = siteErrorOf(error);
        throw new TargetUnknown({ ...faultFromError(failure), code: "STATE_UNKNOWN" }, failure.status);
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
  if (!isDryRun) return queue.alone(target, task, conclude);
  const [rehearsed] = await rehearse(target, [task], { siteId: queue.siteId, ...byItself });
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
