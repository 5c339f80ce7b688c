import type { AccountWriter, LongTask, LongTaskId } from "../../confluence/writerPort.js";
import type { ChangeFaultCode } from "../../domain/Change.js";
import type { Clock } from "../../domain/Clock.js";
import type { AccountId } from "../../domain/ids.js";
import { outcomeOf, SiteError, siteErrorOf } from "../../domain/SiteError.js";
import type { SiteStore } from "../../loaders/engine/SiteStore.js";
import { refuseUnmandatedAccount } from "../guards/accountMandate.js";
import { refuseLosingAccount } from "../guards/lostAccount.js";
import { OwnAccount, refuseOwnAccount } from "../guards/ownAccess.js";
import { isLost } from "../reconcile/Attempt.js";
import { reconcileStandalone, type StandaloneChange, type StandaloneOptions } from "../reconcile/TargetQueue.js";
import type { Plan } from "../reconcile/Task.js";
import { readHeldByAccount } from "../undo/readHeld.js";
import type { AccountRemoval, AccountStatusResult } from "./AccountRequest.js";
import { isAccountGone, readAccountAnew } from "./dataCenterReading.js";
import type { DirectoryStatusState } from "./dataCenterStatus.js";
import type { StartedRemovals } from "./remembered.js";

interface RemovalOptions extends StandaloneOptions {
  readonly store: SiteStore;
  readonly accounts: AccountWriter;
  readonly removals: StartedRemovals;
  readonly watch: RemovalWatch;
}

/** A caller waits so long at most for the site to be done. */
const patienceMs = 20_000;

/** A removal whose task the site does not know is taken for under way so long after it was started, while the account is there. */
const untoldForMs = 10 * 60_000;

/**
 * Removes an account from a site that keeps its own. The site accepts it and takes its time: who waited in vain gets
 * `STARTED`, and asking again looks after what was started. Never our own account.
 */
export async function removeDirectoryAccount(
  accountId: AccountId,
  { store, accounts, removals, watch, ...options }: RemovalOptions,
): Promise<AccountStatusResult> {
  const { clock, site } = store;
  const own = new OwnAccount(site);
  const start = async (username: string): Promise<void> => {
    try {
      await removals.add(accountId, await accounts.remove(username));
    } catch (error) {
      if (error instanceof SiteError && isLost(error, deferred)) await removals.add(accountId, null);
      throw error;
    }
  };
  const change: StandaloneChange<DirectoryRemovalState> = {
    action: "removeAccount",
    subject: { accountId },
    objection: null,
    read: async () => {
      const started = await removals.get(accountId);
      const forMs = options.isDryRun ? 0 : patienceMs;
      const taskId = started?.taskId ?? null;
      const task = taskId === null ? null : await followTask(accounts, taskId, { clock, forMs });
      const isRecent = taskId !== null && clock.now() - (started?.startedAtMs ?? 0) < untoldForMs;
      const read = () => readAccountAnew(store, accountId);
      // Nothing but the account itself tells what became of a removal whose answer was lost.
      const isLookedFor = started !== null && taskId === null;
      const account = await (isLookedFor ? follow(read, isAccountGone, { clock, forMs }) : read());
      const removal = started && { taskId, task };
      const matters = !isAccountGone(account);
      return { account, removal, isRecent, isOwn: matters ? await own.is(accountId) : null };
    },
    plan: async (state) => {
      const plan = planDirectoryRemoval(state, accounts, start);
      if (plan.kind !== "steps") return plan;
      return (
        (await refuseUnmandatedAccount(store, options.provenance.mandate, { accountId })) ??
        (await refuseLosingAccount(store, accountId, options.provenance)) ??
        plan
      );
    },
    takesAdministration: (state) => planDirectoryRemoval(state, accounts, start).kind === "steps",
    undoFacts: async () => ({ ...(await readHeldByAccount(store, accountId)) }),
    describe: ({ account, removal }) => [
      ...(isAccountGone(account) ? [] : [`status ${account?.reportedStatus ?? account?.status}`]),
      ...(removal === null ? [] : [`removal ${removal.task?.state ?? "not known to the site"}`]),
    ],
  };
  const { after, outcome, fault, plan, changeId } = await reconcileStandalone(change, options, async (ended) => {
    const { before, after: found, outcome: end } = ended;
    const username = before?.account?.username ?? found?.account?.username ?? null;
    if (found === null) {
      if (before !== null) watch.add(accountId, username);
      return;
    }
    const isGone = isAccountGone(found.account);
    // The site was asked to long before it was done: only now is it gone.
    if (isGone) store.changed({ kind: "accountRemoved", accountId, username, email: null });
    const isOpen = !isGone && (end === "STARTED" || found.removal?.taskId === null);
    if (isOpen) {
      watch.add(accountId, username);
      return;
    }
    watch.remove(accountId);
    await removals.remove(accountId);
  });
  const removal = after?.removal ?? null;
  return { outcome, fault, plan, changeId, affectedResources: [], removal };
}

interface DirectoryRemovalState extends DirectoryStatusState {
  /** What we started; `null` where we started nothing that is still open. */
  readonly removal: AccountRemoval | null;
  /** Whether that began so lately that it may be under way although the site does not know its task (any more). */
  readonly isRecent: boolean;
}

/** Plans the removal of an account from a site that keeps its own; `start` sends it. */
export function planDirectoryRemoval(
  { account, isOwn, removal, isRecent }: DirectoryRemovalState,
  writer: AccountWriter,
  start: (username: string) => Promise<void>,
): Plan {
  if (account === null || account.username === null || isAccountGone(account)) {
    return { kind: "noop", outcome: removal === null ? "NOT_PRESENT" : "REMOVED" };
  }
  const { accountId, username } = account;
  const task = removal?.task ?? null;
  // Another node may know the task, and a site forgets what it has been asked of: neither ends a removal.
  const isUntold = removal !== null && task === null && isRecent;
  if (task?.state === "RUNNING" || isUntold) return { kind: "noop", outcome: "STARTED" };
  if (task?.state === "FAILED") {
    const message = `Confluence accepted the removal and could not carry it out: ${task.message ?? "it does not say why."}`;
    return refused("UPSTREAM_REFUSED", message);
  }
  const refusal = refuseOwnAccount(isOwn);
  if (refusal !== null) return refusal;
  const objection = writer.objectionToUsername(username);
  if (objection !== null) return refused("UNSUPPORTED", objection);
  const step = { text: `remove account ${accountId}`, lostMessage, run: () => start(username), ...deferred };
  return { kind: "steps", steps: [step], outcome: "REMOVED" };
}

/** The site carries it out in its own time: only an answer that proves a refusal is one. */
const deferred = { isDeferred: true } as const;

const lostMessage =
  "Whether Confluence accepted the removal is not known: its answer was lost, or was a failure that may have come after it was accepted, and the account is still there. It may be under way. Repeat the call in a minute: it looks first whether the account is gone, and is never sent while that is so.";

function refused(code: ChangeFaultCode, message: string): Plan {
  return { kind: "refused", fault: { code, field: ["account"], message } };
}

const firstPauseMs = 500;
const longestPauseMs = 4_000;

/**
 * Asks how far a task is until it has ended or `forMs` have passed. What it last was, `null` where the site does not know it
 * (any more). Rejects where the last question was not answered.
 */
export function followTask(accounts: AccountWriter, taskId: LongTaskId, patience: Patience): Promise<LongTask | null> {
  const isOver = (task: LongTask | null) => task === null || task.state !== "RUNNING";
  return follow(() => accounts.taskOf(taskId), isOver, patience);
}

interface Patience {
  readonly clock: Clock;
  readonly forMs: number;
}

/** Asks until an answer is the last one or the time is over, with pauses that grow from 0.5 to 4 seconds. */
async function follow<T>(
  question: () => Promise<T>,
  isOver: (answer: T) => boolean,
  { clock, forMs }: Patience,
): Promise<T> {
  const endMs = clock.now() + forMs;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    const answer = await outcomeOf(question());
    const leftMs = endMs - clock.now();
    // One question that fails says nothing: the next one may be answered.
    if (answer instanceof Error ? !(answer instanceof SiteError) || leftMs <= 0 : isOver(answer) || leftMs <= 0) {
      if (answer instanceof Error) throw answer;
      return answer;
    }
    await clock.sleep(Math.min(pauseMs, leftMs));
  }
}

/** Looked after so long; afterwards the lifetimes of what is remembered are over as well. */
const watchedForMs = 3_600_000;

/** Looked at no more often than this, however many requests come. */
const pauseMs = 5_000;

/** A request waits so long for it at most. */
const lookPatienceMs = 1_000;

/** Removals looked after at most; the oldest go first. */
const maxWatched = 100;

interface Watched {
  /** Its name as it was before: what is remembered by it is to be forgotten too. */
  readonly username: string | null;
  readonly sinceMs: number;
}

/**
 * Removals that were left open with the caller, `STARTED` or with a lost answer: what is remembered shows the account until its
 * lifetime is over, whenever the site is done. So each request looks first whether it is; nothing runs in between.
 */
export class RemovalWatch {
  readonly #store: SiteStore;
  readonly #open = new Map<AccountId, Watched>();
  #lookedAtMs = 0;
  #looking: Promise<void> | null = null;

  constructor(store: SiteStore) {
    this.#store = store;
  }

  /** Whether any removal is open. */
  get isWatching(): boolean {
    return this.#open.size > 0;
  }

  add(accountId: AccountId, username: string | null): void {
    const known = this.#open.get(accountId)?.username ?? username;
    this.#open.delete(accountId);
    this.#open.set(accountId, { username: known, sinceMs: this.#store.clock.now() });
    const [oldest] = this.#open.keys();
    if (this.#open.size > maxWatched && oldest !== undefined) this.#open.delete(oldest);
  }

  remove(accountId: AccountId): void {
    this.#open.delete(accountId);
  }

  /**
   * Forgets whoever is gone by now. Never rejects: who could not be asked about is asked about again. A site that is slow to
   * answer keeps no request waiting for long. `null` where there is nobody to look at.
   */
  look(): Promise<void> | null {
    const looking = this.#begin();
    if (looking === null) return null;
    const ended = new AbortController();
    const patience = this.#store.clock.atMost(lookPatienceMs, ended.signal).catch(() => undefined);
    return Promise.race([looking.finally(() => ended.abort()), patience]);
  }

  #begin(): Promise<void> | null {
    if (this.#looking !== null) return this.#looking;
    const nowMs = this.#store.clock.now();
    if (this.#open.size === 0 || nowMs - this.#lookedAtMs < pauseMs) return null;
    this.#lookedAtMs = nowMs;
    this.#looking = Promise.all([...this.#open].map((entry) => this.#lookAt(entry, nowMs)))
      .then(() => undefined)
      .finally(() => {
        this.#looking = null;
      });
    return this.#looking;
  }

  async #lookAt([accountId, { username, sinceMs }]: readonly [AccountId, Watched], nowMs: number): Promise<void> {
    try {
      if (isAccountGone(await readAccountAnew(this.#store, accountId))) {
        this.#store.changed({ kind: "accountRemoved", accountId, username, email: null });
        this.remove(accountId);
      } else if (nowMs - sinceMs >= watchedForMs) this.remove(accountId);
    } catch (error) {
      siteErrorOf(error);
    }
  }
}
