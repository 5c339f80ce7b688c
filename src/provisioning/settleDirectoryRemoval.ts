import type { AccountWriter } from "../confluence/writerPort.js";
import type { AccountId } from "../domain/ids.js";
import { accountList } from "../loaders/accountList.js";
import { onlyOne } from "../loaders/onlyOne.js";
import type { SiteStore } from "../loaders/SiteStore.js";
import type { AccountStatusResult } from "./AccountStatusResult.js";
import { followTask } from "./followTask.js";
import { forgetRemovedAccount } from "./forgetRemovedAccount.js";
import { forgetUsername } from "./forgetUsername.js";
import { isAccountGone } from "./isAccountGone.js";
import { OwnAccount } from "./OwnAccount.js";
import { type DirectoryRemovalState, planDirectoryRemoval } from "./planDirectoryRemoval.js";
import { readAccountAnew } from "./readAccountAnew.js";
import type { SingleChange } from "./reconcile/settleSingle.js";
import { type SingleSettlement, settleSingle } from "./reconcile/settleSingle.js";
import type { StartedRemovals } from "./StartedRemovals.js";

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
      const started = removals.get(accountId);
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
        removals.add(accountId, await accounts.remove(username));
      }),
    describe: ({ account, removal }) => [
      ...(isAccountGone(account) ? [] : [`status ${account?.reportedStatus ?? account?.status}`]),
      ...(removal === null ? [] : [`removal ${removal.task?.state ?? "not known to the site"}`]),
    ],
  };
  const { after, outcome, fault, plan, changeId } = await settleSingle(change, settlement, (ended) => {
    if (ended.after === null) return;
    if (ended.outcome !== "STARTED") removals.remove(accountId);
    if (isAccountGone(ended.after.account)) forgetGone(store, ended.before ?? ended.after, accountId);
  });
  const removal = after?.removal ?? null;
  return { outcome, fault, plan, changeId, affectedResources: [], removal };
}

function forgetGone(store: SiteStore, { account }: DirectoryRemovalState, accountId: AccountId): void {
  if (account !== null) forgetUsername(store, account);
  forgetRemovedAccount(store, accountId);
  store
    .of(accountList)
    .revise(onlyOne, (list) => ({ ...list, items: list.items.filter((listed) => listed !== accountId) }));
}
