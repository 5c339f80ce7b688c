import type { AccountWriter } from "../confluence/writerPort.js";
import type { AccountId } from "../domain/ids.js";
import type { SiteStore } from "../loaders/SiteStore.js";
import type { AccountStatusResult } from "./AccountStatusResult.js";
import { OwnAccount } from "./OwnAccount.js";
import { type DirectoryStatusState, planDirectoryStatus } from "./planDirectoryStatus.js";
import { readAccountAnew } from "./readAccountAnew.js";
import type { SingleChange } from "./reconcile/settleSingle.js";
import { type SingleSettlement, settleSingle } from "./reconcile/settleSingle.js";

interface StatusSettlement extends SingleSettlement {
  readonly store: SiteStore;
  readonly accounts: AccountWriter;
}

/** Disables or enables an account of a site that keeps its own; it keeps its groups and its access. Never our own account. */
export async function settleDirectoryStatus(
  action: "suspendAccount" | "restoreAccount",
  accountId: AccountId,
  { store, accounts, ...settlement }: StatusSettlement,
): Promise<AccountStatusResult> {
  const own = new OwnAccount(store.site);
  const change: SingleChange<DirectoryStatusState> = {
    action,
    subject: { accountId },
    objection: null,
    read: async () => {
      const account = await readAccountAnew(store, accountId);
      const matters = action === "suspendAccount" && account?.status === "ACTIVE";
      return { account, isOwn: matters ? await own.is(accountId) : null };
    },
    plan: (state) => planDirectoryStatus(action, state, accounts),
    describe: ({ account }) => (account === null ? [] : [`status ${account.reportedStatus ?? account.status}`]),
  };
  const { outcome, fault, plan, changeId } = await settleSingle(change, settlement);
  return { outcome, fault, plan, changeId, affectedResources: [], removal: null };
}
