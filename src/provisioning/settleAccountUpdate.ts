import type { AccountWriter } from "../confluence/writerPort.js";
import type { AccountId } from "../domain/ids.js";
import type { SiteStore } from "../loaders/SiteStore.js";
import type { AccountFacts } from "./AccountFacts.js";
import { planAccountUpdate, type UpdateState } from "./planAccountUpdate.js";
import { readAccountWithEmail } from "./readAccountWithEmail.js";
import type { SingleChange } from "./reconcile/settleSingle.js";
import { type SingleSettlement, settleSingle } from "./reconcile/settleSingle.js";
import type { ChangeResult } from "./reconcile/Task.js";

interface UpdateSettlement extends SingleSettlement {
  readonly store: SiteStore;
  readonly accounts: AccountWriter;
}

/**
 * Makes an account of a site that keeps its own have a name and an e-mail address. Where the site does not tell the address
 * back, a change of it that was accepted is `STATE_UNKNOWN`: nothing is claimed that was not read.
 */
export async function settleAccountUpdate(
  accountId: AccountId,
  wanted: AccountFacts,
  { store, accounts, ...settlement }: UpdateSettlement,
): Promise<ChangeResult> {
  const change: SingleChange<UpdateState> = {
    action: "updateAccount",
    subject: { accountId, ...wanted },
    objection: null,
    read: async () => ({
      ...(await readAccountWithEmail(store, accountId)),
      objection: await accounts.objectionToUpdate(),
    }),
    plan: (state) => planAccountUpdate(accountId, wanted, state, accounts),
    describe: ({ account, email }) =>
      account === null
        ? []
        : [`name ${account.displayName ?? "not told"}`, `e-mail ${typeof email === "string" ? email : "not told"}`],
  };
  const { outcome, fault, plan, changeId } = await settleSingle(change, settlement);
  return { outcome, fault, plan, changeId };
}
