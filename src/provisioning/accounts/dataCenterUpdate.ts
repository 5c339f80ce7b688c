import type { AccountWriter } from "../../confluence/writerPort.js";
import type { ChangeFaultCode } from "../../domain/Change.js";
import type { AccountId } from "../../domain/ids.js";
import { SiteError } from "../../domain/SiteError.js";
import type { SiteStore } from "../../loaders/engine/SiteStore.js";
import { refuseUnmandatedAccount } from "../guards/accountMandate.js";
import { reconcileStandalone, type StandaloneChange, type StandaloneOptions } from "../reconcile/TargetQueue.js";
import type { ChangeResult, Plan } from "../reconcile/Task.js";
import { type AccountWithEmail, isAccountGone, readAccountWithEmail } from "./dataCenterReading.js";

interface UpdateOptions extends StandaloneOptions {
  readonly store: SiteStore;
  readonly accounts: AccountWriter;
}

/**
 * Makes an account of a site that keeps its own have a name and an e-mail address. Where the site does not tell the address
 * back, a change of it that was accepted is `STATE_UNKNOWN`: nothing is claimed that was not read.
 */
export async function updateDirectoryAccount(
  accountId: AccountId,
  wanted: AccountProfile,
  { store, accounts, ...options }: UpdateOptions,
): Promise<ChangeResult> {
  const change: StandaloneChange<UpdateState> = {
    action: "updateAccount",
    subject: { accountId, ...wanted },
    objection: null,
    read: async () => ({
      ...(await readAccountWithEmail(store, accountId)),
      objection: await accounts.objectionToUpdate(),
    }),
    plan: async (state) => {
      const plan = planAccountUpdate(accountId, wanted, state, accounts);
      if (plan.kind !== "steps" || isEmailSet(wanted, state)) return plan;
      // Whoever reads the post of an account can set its password.
      const refusal = await refuseUnmandatedAccount(store, options.provenance.mandate, { accountId });
      return refusal ?? plan;
    },
    describe: ({ account, email }) =>
      account === null
        ? []
        : [`name ${account.displayName ?? "not told"}`, `e-mail ${typeof email === "string" ? email : "not told"}`],
  };
  const { outcome, fault, plan, changeId } = await reconcileStandalone(change, options);
  return { outcome, fault, plan, changeId };
}

interface UpdateState extends AccountWithEmail {
  /** Why the site cannot update accounts; `null` where it can. */
  readonly objection: string | null;
}

/** Plans new names and a new e-mail address: the site writes both at once, so what stays has to be known. */
export function planAccountUpdate(
  accountId: AccountId,
  wanted: AccountProfile,
  state: UpdateState,
  writer: AccountWriter,
): Plan {
  const { account, objection } = state;
  if (account === null || account.username === null || isAccountGone(account)) {
    return refused("ACCOUNT_NOT_FOUND", "account", "The site has no such account (any more).");
  }
  const known = typeof state.email === "string" ? state.email : null;
  const fullName = wanted.displayName ?? account.displayName;
  const email = wanted.email ?? known;
  const isNameSet = fullName === account.displayName;
  if (isNameSet && isEmailSet(wanted, state)) return { kind: "noop", outcome: "ALREADY_EXISTS" };
  if (objection !== null) return refused("UNSUPPORTED", "account", objection);
  const { username } = account;
  const nameObjection = writer.objectionToUsername(username);
  if (nameObjection !== null) return refused("UNSUPPORTED", "account", nameObjection);
  if (email === null) {
    const why =
      state.email instanceof SiteError ? state.email.message : "The site tells no e-mail address of the account.";
    return refused("STATE_UNKNOWN", "email", `Name and address are written together, so give both. ${why}`);
  }
  if (fullName === null) {
    return refused(
      "STATE_UNKNOWN",
      "displayName",
      "Name and address are written together, and the site tells no name: give both.",
    );
  }
  const step = {
    text: `set the name of account ${accountId} to "${fullName}" and its e-mail address to ${email}`,
    ...(isNameSet && known === null ? { unseenMessage: cannotBeSeen } : {}),
    run: () => writer.update(username, { fullName, email }),
  };
  return { kind: "steps", steps: [step], outcome: "REPLACED" };
}

/** Confluence keeps the letters of an address and tells no two apart by their case. */
function isEmailSet({ email: wanted }: AccountProfile, { email }: Pick<UpdateState, "email">): boolean {
  return wanted === null || (typeof email === "string" && wanted.toLowerCase() === email.toLowerCase());
}

const cannotBeSeen =
  "The change was accepted, but the site does not tell the e-mail address of this account, so it could not be read back. Repeating it does no harm.";

function refused(code: ChangeFaultCode, field: string, message: string): Plan {
  return { kind: "refused", fault: { code, field: [field], message } };
}

/** What of an account is to be changed; `null` is left as it is. One of them is given. */
export interface AccountProfile {
  /** Trimmed, without `<` and `>`. */
  readonly displayName: string | null;
  readonly email: string | null;
}
