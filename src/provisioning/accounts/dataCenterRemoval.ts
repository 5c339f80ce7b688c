import type { AccountWriter, LongTask, LongTaskId } from "../../confluence/writerPort.js";
import type { ChangeFaultCode } from "../../domain/ChangeFault.js";
import type { Clock } from "../../domain/Clock.js";
import type { AccountId } from "../../domain/ids.js";
import { SiteError } from "../../domain/SiteError.js";
import type { SiteStore } from "../../loaders/SiteStore.js";
import { OwnAccount } from "../OwnAccount.js";
import type { Plan } from "../reconcile/Plan.js";
import { type SingleChange, type SingleSettlement, settleSingle } from "../reconcile/settleSingle.js";
import { refuseOwnAccount } from "../refuseOwnAccount.js";
import type { StartedRemovals } from "../StartedRemovals.js";
import type { AccountRemoval, AccountStatusResult } from "./AccountStatusChange.js";
import { isAccountGone, readAccountAnew } from "./dataCenterReading.js";
import type { DirectoryStatusState } from "./dataCenterStatus.js";

interface RemovalSettlement extends SingleSettlement {
  readonly store: SiteStore;
  readonly accounts: AccountWriter;
  readonly removals: StartedRemovals;
}

/** A caller waits so long at most for the site to be done. */
const patienceMs = 20_000;

/** A removal whose task the site does not know is taken for under way so long after it was started, while the account is there. */
const untoldForMs = 10 * 60_000;

/**
 * Removes an account from a site that keeps its own. The site accepts it and takes its time: who waited in vain gets
 * `STARTED`, and asking again looks after what was started. Never our own account.
 */
export async function settleDirectoryRemoval(
  accountId: AccountId,
  { store, accounts, removals, ...settlement }: RemovalSettlement,
): Promise<AccountStatusResult> {
  const { clock, site } = store;
  const own = new OwnAccount(site);
  const change: SingleChange<DirectoryRemovalState> = {
    action: "removeAccount",
    subject: { accountId },
    objection: null,
    read: async () => {
      const started = await removals.get(accountId);
      const forMs = settlement.isDryRun ? 0 : patienceMs;
      const removal = started && {
        taskId: started.taskId,
        task: await followTask(accounts, started.taskId, { clock, forMs }),
      };
      const isRecent = started !== null && clock.now() - started.startedAtMs < untoldForMs;
      const account = await readAccountAnew(store, accountId);
      const matters = !isAccountGone(account);
      return { account, removal, isRecent, isOwn: matters ? await own.is(accountId) : null };
    },
    plan: (state) =>
      planDirectoryRemoval(state, accounts, async (username) => {
        await removals.add(accountId, await accounts.remove(username));
      }),
    describe: ({ account, removal }) => [
      ...(isAccountGone(account) ? [] : [`status ${account?.reportedStatus ?? account?.status}`]),
      ...(removal === null ? [] : [`removal ${removal.task?.state ?? "not known to the site"}`]),
    ],
  };
  const { after, outcome, fault, plan, changeId } = await settleSingle(change, settlement, async (ended) => {
    if (ended.after === null) return;
    if (ended.outcome !== "STARTED") await removals.remove(accountId);
    // The site was asked to long before it was done: only now is it gone.
    if (isAccountGone(ended.after.account)) {
      const username = ended.before?.account?.username ?? null;
      store.changed({ kind: "accountRemoved", accountId, username, email: null });
    }
  });
  const removal = after?.removal ?? null;
  return { outcome, fault, plan, changeId, affectedResources: [], removal };
}

export interface DirectoryRemovalState extends DirectoryStatusState {
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
    return { kind: "settled", outcome: removal === null ? "NOT_PRESENT" : "REMOVED" };
  }
  const { accountId, username } = account;
  const task = removal?.task ?? null;
  // Another node may know the task, and a site forgets what it has been asked of: neither ends a removal.
  const isUntold = removal !== null && task === null && isRecent;
  if (task?.state === "RUNNING" || isUntold) return { kind: "settled", outcome: "STARTED" };
  if (task?.state === "FAILED") {
    const message = `Confluence accepted the removal and could not carry it out: ${task.message ?? "it does not say why."}`;
    return refused("UPSTREAM_REFUSED", message);
  }
  const refusal = refuseOwnAccount(isOwn);
  if (refusal !== null) return refusal;
  const objection = writer.objectionToUsername(username);
  if (objection !== null) return refused("UNSUPPORTED", objection);
  const step = { text: `remove account ${accountId}`, lostMessage, run: () => start(username) };
  return { kind: "steps", steps: [step], outcome: "REMOVED" };
}

const lostMessage =
  "The answer to the removal was lost, and the account is still there. Removing takes its time, so it may be under way: look again before you repeat it.";

function refused(code: ChangeFaultCode, message: string): Plan {
  return { kind: "refused", fault: { code, field: ["account"], message } };
}

const firstPauseMs = 500;
const longestPauseMs = 4_000;

/**
 * Asks how far a task is until it has ended or `forMs` have passed, with pauses that grow from 0.5 to 4 seconds. What it last
 * was, `null` where the site does not know it (any more). Rejects where the last question was not answered.
 */
export async function followTask(
  accounts: AccountWriter,
  taskId: LongTaskId,
  { clock, forMs }: { readonly clock: Clock; readonly forMs: number },
): Promise<LongTask | null> {
  const endMs = clock.now() + forMs;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    const task = await ask(accounts, taskId);
    const leftMs = endMs - clock.now();
    const isOver = task === null || (!(task instanceof SiteError) && task.state !== "RUNNING");
    if (isOver || leftMs <= 0) {
      if (task instanceof SiteError) throw task;
      return task;
    }
    await clock.sleep(Math.min(pauseMs, leftMs));
  }
}

/** One question that fails says nothing about the task: the next one may be answered. */
async function ask(accounts: AccountWriter, taskId: LongTaskId): Promise<LongTask | SiteError | null> {
  try {
    return await accounts.taskOf(taskId);
  } catch (error) {
    if (error instanceof SiteError) return error;
    throw error;
  }
}
