import type { ChangeFault } from "../../domain/Change.js";
import type { SiteId } from "../../domain/ids.js";
import { siteErrorOf } from "../../domain/SiteError.js";
import { faultFromError } from "../changeFaults.js";
import { faultOfUnseen } from "../policy/underPolicy.js";
import { Attempt } from "./Attempt.js";
import { type Reconciliation, recordAttempt, recordResult } from "./recording.js";
import { type ChangeResult, type Plan, reachIn, type Target, TargetUnknown, type Task, textsOf } from "./Task.js";

/** How a change ended, and what was read before and after; `null` what could not be read. */
export interface Reconciled<State> extends ChangeResult {
  readonly before: State | null;
  readonly after: State | null;
  /** What the inverse needs, as it was recorded. */
  readonly undo: Readonly<Record<string, unknown>> | null;
}

/**
 * Read, plan, record, write, read back, record, answer from what was read: the one way in which anything is changed. All
 * changes of a target are planned on one reading; what one makes of it the next is planned on. A call whose answer was lost is
 * never sent again: reading back tells what became of it.
 *
 * Rejects with a `LockLost` where others may be at the target meanwhile. The attempts know what they sent: called again with
 * them, what is left is planned anew.
 */
export async function reconcile<State>(
  target: Target<State>,
  attempts: readonly Attempt<State>[],
  reconciliation: Reconciliation,
): Promise<void> {
  let state: State | null = await readOrFail(target, attempts);
  if (state !== null) {
    for (const attempt of attempts) if (attempt.isTold) attempt.look(state);
    // Stage by stage: a stage holds each subject once, and nothing that earlier changes decide about.
    for (
      let open = attempts.filter(({ isOpen }) => isOpen);
      open.length > 0;
      open = open.filter(({ isOpen }) => isOpen)
    ) {
      const stage: Attempt<State>[] = nextStage(open, state);
      state = await carryOutGuarded(target, stage, state, reconciliation);
      if (state === null) {
        for (const attempt of open) if (attempt.isOpen) attempt.failUnknown(notReadBack);
        break;
      }
    }
  }
  await Promise.all(
    attempts.map(async (attempt) => {
      await attempt.lookBack();
      await recordResult(attempt, reconciliation);
    }),
  );
}

/** What a rehearsal of one target has to do with those of others. */
interface Rehearsal<State> {
  readonly siteId: string;
  /** Does some work while no other is done so. */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
  /** The target would now be this. */
  planned(state: State): void;
}

/** A rehearsal that has to do with no other. */
export const byItself = { exclusively: <T>(work: () => Promise<T>) => work(), planned: () => undefined };

/** What changes would come to, one after the other: nothing is recorded and nothing written. */
export async function rehearse<State>(
  target: Target<State>,
  tasks: readonly Task<State>[],
  { siteId, exclusively, planned }: Rehearsal<State>,
): Promise<Reconciled<State>[]> {
  const attempts = tasks.map((task) => new Attempt(task));
  let state: State | null = await readOrFail(target, attempts);
  const planNext = async (attempt: Attempt<State>, now: State): Promise<State> => {
    const plan = await planSafely(attempt.task, now);
    attempt.begin(plan, now);
    if (plan.kind !== "steps") return now;
    const then = attempt.task.simulate(now, plan);
    attempt.after = then;
    attempt.result = { outcome: "PLANNED", fault: null, plan: textsOf(plan), reach: reachIn(plan) };
    planned(then);
    noteFor(attempt, siteId);
    return then;
  };
  for (const attempt of attempts) {
    if (state === null) break;
    const now: State = state;
    state = await (takes(attempt.task, now) ? exclusively(() => planNext(attempt, now)) : planNext(attempt, now));
  }
  return attempts.map((attempt) => ({ ...reconciledOf(attempt), changeId: null }));
}

/** A policy is told of it. What is read anew after each step is not known beforehand. */
function noteFor<State>({ task, result, held, after }: Attempt<State>, siteId: string): void {
  const { action, subject, provenance, readsAfterEachStep } = task;
  provenance.plans?.note({
    ...{ siteId: siteId as SiteId, action, subject, before: held },
    ...{ plan: result?.plan ?? [], reach: result?.reach ?? [] },
    after: readsAfterEachStep || after === null ? null : task.describe(after),
  });
}

/** How an attempt ended. */
export function reconciledOf<State>({
  result,
  before,
  after,
  changeId,
  isRecorded,
  undo,
}: Attempt<State>): Reconciled<State> {
  if (result === null) throw new Error("The change has not ended.");
  return { ...result, before, after, changeId: isRecorded ? changeId : null, undo };
}

async function readOrFail<State>(target: Target<State>, attempts: readonly Attempt<State>[]): Promise<State | null> {
  try {
    return await target.read();
  } catch (error) {
    if (!(error instanceof TargetUnknown)) throw error;
    for (const attempt of attempts) if (attempt.isOpen) attempt.fail(error.fault);
    return null;
  }
}

async function readBack<State>(target: Target<State>, open: readonly Attempt<State>[]): Promise<State | null> {
  try {
    return await target.read();
  } catch (error) {
    if (!(error instanceof TargetUnknown)) throw error;
    for (const attempt of open) attempt.failUnknown(error.fault);
    return null;
  }
}

/** What takes administration away is asked about and done while nobody else of the site does that: two would each take one of two. */
function carryOutGuarded<State>(
  target: Target<State>,
  stage: readonly Attempt<State>[],
  state: State,
  reconciliation: Reconciliation,
): Promise<State | null> {
  if (!stage.some(({ task }) => takes(task, state))) return carryOutStage(target, stage, state, reconciliation);
  const key = JSON.stringify([reconciliation.siteId, "administration"]);
  return reconciliation.hold.also(key, (hold) => {
    if (hold.hasWaited) for (const { task } of stage) task.renew?.();
    return carryOutStage(target, stage, state, { ...reconciliation, hold });
  });
}

function takes<State>(task: Task<State>, state: State): boolean {
  return task.takesAdministration?.(state) ?? false;
}

/**
 * The first change and those after it that neither name a subject of it again nor wait for others. Those that take administration
 * are of one request each: what they take together is asked by the request that names them.
 */
function nextStage<State>(open: readonly Attempt<State>[], state: State): Attempt<State>[] {
  const stage: Attempt<State>[] = [];
  let taking: Task<State>["provenance"] | null = null;
  const subjects = new Set<string>();
  for (const attempt of open) {
    const subjectKey = attempt.task.subjectIn?.(state) ?? attempt.task.subjectKey;
    const waits = attempt.task.waitsForOthers?.(state) ?? false;
    if (stage.length > 0 && (waits || subjects.has(subjectKey))) break;
    if (takes(attempt.task, state)) {
      if (taking !== null && taking !== attempt.task.provenance) break;
      taking = attempt.task.provenance;
    }
    stage.push(attempt);
    subjects.add(subjectKey);
    // Whoever comes after it must see what it made of the target.
    if (waits) break;
  }
  return stage;
}

async function carryOutStage<State>(
  target: Target<State>,
  stage: readonly Attempt<State>[],
  first: State,
  reconciliation: Reconciliation,
): Promise<State | null> {
  let state: State = first;
  await Promise.all(
    stage.map(async (attempt) => {
      attempt.begin(await planSafely(attempt.task, state), state);
      if (!attempt.isOpen) return;
      const objection =
        attempt.task.objection ?? objectionIn(attempt.plan) ?? unseenIn(attempt, attempt.plan, reconciliation);
      if (objection !== null) attempt.fail(objection);
      else await recordAttempt(attempt, state, reconciliation);
    }),
  );
  let isFirstRound = true;
  for (let open = stage.filter(({ isOpen }) => isOpen); open.length > 0; open = open.filter(({ isOpen }) => isOpen)) {
    await reconciliation.hold.check();
    await Promise.all(
      open.map(async (attempt) => {
        const plan = isFirstRound ? attempt.plan : await planSafely(attempt.task, state);
        const unseen = unseenIn(attempt, plan, reconciliation);
        // What is left by then is not what was allowed.
        await attempt.send(unseen === null ? plan : { kind: "refused", fault: unseen });
        if (unseen !== null) attempt.fail(unseen);
      }),
    );
    isFirstRound = false;
    const read = await readBack(target, open);
    if (read === null) return null;
    state = read;
    await Promise.all(open.map(async (attempt) => attempt.verify(await planSafely(attempt.task, read), read)));
  }
  return state;
}

function objectionIn(plan: Plan | null): ChangeFault | null {
  return plan?.kind === "steps" ? (plan.objection ?? null) : null;
}

/** Why the calls of a plan are not sent: a policy was asked, and did not see them. */
function unseenIn<State>({ task }: Attempt<State>, plan: Plan | null, { siteId }: Reconciliation): ChangeFault | null {
  if (plan?.kind !== "steps") return null;
  const { action, subject, provenance } = task;
  const texts = plan.steps.map(({ text }) => text);
  return faultOfUnseen(provenance, { siteId, action, subject }, texts);
}

const notReadBack = {
  code: "STATE_UNKNOWN",
  field: [],
  message: "What is there could not be read after an earlier change of this request, so this one was not tried.",
} as const;

async function planSafely<State>(task: Task<State>, state: State): Promise<Plan> {
  try {
    return await task.plan(state);
  } catch (error) {
    return { kind: "refused", fault: { ...faultFromError(siteErrorOf(error)), code: "STATE_UNKNOWN" } };
  }
}
