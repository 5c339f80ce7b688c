import type { AccountWriter } from "../../confluence/writerPort.js";
import type { Account } from "../../domain/Account.js";
import type { ChangeFaultCode } from "../../domain/Change.js";
import type { AccountId } from "../../domain/ids.js";
import type { SiteStore } from "../../loaders/engine/SiteStore.js";
import { refuseCallersAccount, refuseUnmandatedAccount } from "../guards/accountMandate.js";
import { refuseLosingAccount } from "../guards/lostAccount.js";
import { OwnAccount, refuseOwnAccount } from "../guards/ownAccess.js";
import { reconcileStandalone, type StandaloneChange, type StandaloneOptions } from "../reconcile/TargetQueue.js";
import type { Plan } from "../reconcile/Task.js";
import type { AccountStatusResult } from "./AccountRequest.js";
import { isAccountGone, readAccountAnew } from "./dataCenterReading.js";

interface StatusOptions extends StandaloneOptions {
  readonly store: SiteStore;
  readonly accounts: AccountWriter;
}

/** Disables or enables an account of a site that keeps its own; it keeps its groups and its access. Never our own account. */
export async function changeDirectoryStatus(
  action: "suspendAccount" | "restoreAccount",
  accountId: AccountId,
  { store, accounts, ...options }: StatusOptions,
): Promise<AccountStatusResult> {
  const own = new OwnAccount(store.site);
  const change: StandaloneChange<DirectoryStatusState> = {
    action,
    subject: { accountId },
    objection: null,
    read: async () => {
      const account = await readAccountAnew(store, accountId);
      const matters = action === "suspendAccount" && account?.status === "ACTIVE";
      return { account, isOwn: matters ? await own.is(accountId) : null };
    },
    plan: async (state) => {
      const plan = planDirectoryStatus(action, state, accounts);
      if (plan.kind !== "steps") return plan;
      const { mandate } = options.provenance;
      const isRestored = action === "restoreAccount";
      return (
        (isRestored ? refuseCallersAccount(mandate, store.site.siteId, accountId) : null) ??
        (await refuseUnmandatedAccount(store, mandate, { accountId })) ??
        (isRestored ? null : await refuseLosingAccount(store, accountId, options.provenance)) ??
        plan
      );
    },
    takesAdministration: (state) =>
      action === "suspendAccount" && planDirectoryStatus(action, state, accounts).kind === "steps",
    describe: ({ account }) => (account === null ? [] : [`status ${account.reportedStatus ?? account.status}`]),
  };
  const { outcome, fault, plan, changeId } = await reconcileStandalone(change, options);
  return { outcome, fault, plan, changeId, affectedResources: [], removal: null };
}

/** One account of a site that keeps its own, freshly read. */
export interface DirectoryStatusState {
  readonly account: Account | null;
  /** Whether it is the account that we sign in with; `null` where that is not told, or does not matter. */
  readonly isOwn: boolean | null;
}

type NamedAccount = Account & { readonly username: string };

/** Plans that an account can sign in, or cannot, on what was read. */
export function planDirectoryStatus(
  action: "suspendAccount" | "restoreAccount",
  { account, isOwn }: DirectoryStatusState,
  writer: AccountWriter,
): Plan {
  if (account === null || !isNamed(account) || isAccountGone(account)) {
    return refused("ACCOUNT_NOT_FOUND", "The site has no such account (any more).");
  }
  if (account.status === "UNKNOWN") {
    const message = `Whether the account can be used is not known (${statusOf(account)}), so nothing is changed.`;
    return refused("STATE_UNKNOWN", message);
  }
  return action === "suspendAccount" ? planSuspension(account, isOwn, writer) : planRestoration(account, writer);
}

function planSuspension(account: NamedAccount, isOwn: boolean | null, writer: AccountWriter): Plan {
  const { accountId, username, status } = account;
  if (status !== "ACTIVE") return { kind: "noop", outcome: "ALREADY_EXISTS" };
  const refusal = refuseOwnAccount(isOwn) ?? refuseName(username, writer);
  if (refusal !== null) return refusal;
  const step = { text: `disable account ${accountId}`, run: () => writer.disable(username) };
  return { kind: "steps", steps: [step], outcome: "REPLACED" };
}

function planRestoration(account: NamedAccount, writer: AccountWriter): Plan {
  const { accountId, username, status } = account;
  if (status === "ACTIVE") return { kind: "noop", outcome: "ALREADY_EXISTS" };
  if (status !== "DEACTIVATED") {
    return refused("UNSUPPORTED", `The account is ${statusOf(account)}: bring it back in the directory it came from.`);
  }
  const refusal = refuseName(username, writer);
  if (refusal !== null) return refusal;
  const step = { text: `enable account ${accountId}`, run: () => writer.enable(username) };
  return { kind: "steps", steps: [step], outcome: "REPLACED" };
}

function refuseName(username: string, writer: AccountWriter): Plan | null {
  const objection = writer.objectionToUsername(username);
  return objection === null ? null : refused("UNSUPPORTED", objection);
}

function isNamed(account: Account): account is NamedAccount {
  return account.username !== null;
}

function statusOf({ reportedStatus, status }: Account): string {
  return reportedStatus ?? status;
}

function refused(code: ChangeFaultCode, message: string): Plan {
  return { kind: "refused", fault: { code, field: ["account"], message } };
}
