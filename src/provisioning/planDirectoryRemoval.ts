import type { AccountWriter } from "../confluence/writerPort.js";
import type { ChangeFaultCode } from "../domain/ChangeFault.js";
import type { AccountRemoval } from "./AccountRemoval.js";
import { isAccountGone } from "./isAccountGone.js";
import type { DirectoryStatusState } from "./planDirectoryStatus.js";
import type { Plan } from "./reconcile/Plan.js";
import { refuseOwnAccount } from "./refuseOwnAccount.js";

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
