import { randomBytes } from "node:crypto";
import { Secret } from "../../config/Secret.js";
import type { AccountWriter, NewAccount } from "../../confluence/writerPort.js";
import type { ChangeFaultCode } from "../../domain/Change.js";
import type { SiteStore } from "../../loaders/engine/SiteStore.js";
import { refuseCallersAddress } from "../guards/accountMandate.js";
import { reconcileStandalone, type StandaloneChange, type StandaloneOptions } from "../reconcile/TargetQueue.js";
import type { Plan } from "../reconcile/Task.js";
import { type AccountRequest, type ProvisionedAccount, type RequestedPassword, usernameOf } from "./AccountRequest.js";
import { type DirectoryAccount, readAccountOfDirectory } from "./dataCenterReading.js";

interface DirectoryOptions extends StandaloneOptions {
  readonly store: SiteStore;
  readonly accounts: AccountWriter;
}

/**
 * Makes sure that a person has an account of a site that keeps its own (Data Center). The name to sign in with is the
 * identity: asked twice, the second is `ALREADY_EXISTS`. A generated password is told once, with the outcome `CREATED`.
 */
export async function provisionDirectoryAccount(
  request: AccountRequest,
  options: DirectoryOptions,
): Promise<ProvisionedAccount> {
  const { store, accounts, isDryRun } = options;
  const generated = request.password.kind === "GENERATED" && !isDryRun ? generatePassword() : null;
  const wanted = wantedAccount(request, generated);
  const { username, email } = wanted;
  // The site said that it made the account: whose it is needs no asking then.
  let isSure = false;
  // An account that an earlier call made, before a kill, has another password than this one.
  let isOurs = false;
  const create = async (account: NewAccount) => {
    isOurs = true;
    await accounts.create(account);
    isSure = true;
  };
  const change: StandaloneChange<DirectoryState> = {
    action: "provisionAccount",
    subject: { username, email },
    objection: null,
    read: async () => {
      const found = await readAccountOfDirectory(store, { username, email: wanted.isNamed ? null : email, isSure });
      const isToBeAsked = found.account === null && wanted.passwordKind === "SET_BY_PERSON";
      return { ...found, maySetPassword: isToBeAsked && (await accounts.passwordWays()).has("SET_BY_PERSON") };
    },
    plan: async (state) => {
      const plan = planAccountOfDirectory(wanted, state, { ...accounts, create });
      if (plan.kind !== "steps") return plan;
      return (await refuseCallersAddress(store, options.provenance.mandate, { email, username })) ?? plan;
    },
    describe: ({ account }) =>
      account === null
        ? []
        : [
            `account ${account.accountId}, named ${account.username}, status ${account.reportedStatus ?? account.status}`,
          ],
  };
  const { outcome, fault, plan, changeId, before, after } = await reconcileStandalone(change, options);
  const account = after?.account ?? null;
  // Whose account it is that was made is known only now.
  if (account !== null && before?.account === null) {
    store.changed({ kind: "accountCreated", accountId: account.accountId, username, email });
  }
  const isOthers = isOthersEmail(after?.email ?? null, email);
  const accountId = account === null || isOthers ? null : account.accountId;
  // Who was made was made with the address; of others the site may keep it to itself.
  const isCompared = outcome === "CREATED" || (after?.email ?? null) !== null;
  const decidedBy = accountId === null ? null : isCompared ? "EMAIL" : "USERNAME";
  const result = {
    outcome,
    fault,
    plan,
    changeId,
    accountId,
    decidedBy,
    invitation: null,
    carriedGroupIds: [],
  } as const;
  if (outcome === "FAILED") return { ...result, grants: "never" };
  if (accountId === null) return { ...result, grants: "planned" };
  const isTold = outcome === "CREATED" && isOurs && generated !== null;
  return { ...result, grants: "now", ...(isTold ? { generatedPassword: generated } : {}) };
}

function wantedAccount(request: AccountRequest, generated: Secret | null): WantedAccount {
  const { email, givenName, familyName, displayName, password } = request;
  const parts = [givenName, familyName].filter((part) => part !== null);
  return {
    username: usernameOf(request),
    isNamed: request.username !== null,
    email,
    fullName: displayName ?? (parts.length === 0 ? null : parts.join(" ")),
    passwordKind: password.kind,
    password: password.kind === "GIVEN" ? password.password : generated,
  };
}

/** The account to be, as asked for. */
interface WantedAccount extends Omit<NewAccount, "fullName"> {
  /** Whether the name to sign in with was given, or is the address. */
  readonly isNamed: boolean;
  /** `null` where no name was given: only a new account needs one. */
  readonly fullName: string | null;
  readonly passwordKind: RequestedPassword["kind"];
}

export interface DirectoryState extends DirectoryAccount {
  /** Whether the version lets people set the first password by themselves; asked only where nobody has the name. */
  readonly maySetPassword: boolean;
}

/**
 * Plans how a person gets an account of a site that keeps its own; who is deactivated is not restored by the way, and who has
 * the name but another address is somebody else.
 */
export function planAccountOfDirectory(
  wanted: WantedAccount,
  state: DirectoryState,
  writer: Pick<AccountWriter, "objectionToNewUsername" | "create">,
): Plan {
  const { account, candidates, maySetPassword } = state;
  if (candidates.length > 0) {
    const message = `Several accounts have this address: ${candidates.join(", ")}. Say which is meant by \`username\`.`;
    return refused("STATE_UNKNOWN", "email", message);
  }
  if (account !== null) {
    if (isOthersEmail(state.email, wanted.email)) {
      const message =
        "The name is taken by an account with another e-mail address, so it may be another person's: nothing is granted to it. Give the address that the site has of this person, or another name for a new account.";
      return refused("INVALID_INPUT", wanted.isNamed ? "username" : "email", message);
    }
    if (account.status === "ACTIVE") return { kind: "noop", outcome: "ALREADY_EXISTS" };
    const reported = account.reportedStatus ?? account.status;
    if (account.status === "UNKNOWN") {
      return refused("STATE_UNKNOWN", "email", `The account is there, but whether it can be used is not: ${reported}.`);
    }
    if (account.status === "CLOSED") {
      return refused(
        "UNSUPPORTED",
        "email",
        `The account is ${reported}: bring it back in the directory it came from.`,
      );
    }
    const message = `The account is ${reported}. Restore it with restoreAccount first: it can sign in again then, with the groups and the access that it has.`;
    return refused("ACKNOWLEDGEMENT_REQUIRED", "email", message);
  }
  const { username, email, password, fullName, passwordKind } = wanted;
  const objection = writer.objectionToNewUsername(username);
  if (objection !== null) {
    return refused("INVALID_INPUT", "username", `No account can be created under the name ${username}: ${objection}`);
  }
  if (fullName === null) {
    return refused("INVALID_INPUT", "displayName", "A new account of this site needs a name to be shown: give one.");
  }
  if (passwordKind === "SET_BY_PERSON" && !maySetPassword) {
    const message =
      "This version of Confluence lets nobody set the first password by themselves: give one in `password`, or ask for one by `generatePassword: true`.";
    return refused("UNSUPPORTED", "password", message);
  }
  const step = {
    text: `create account ${username} for ${email}, ${howToSignIn[passwordKind]}`,
    run: () => writer.create({ username, fullName, email, password }),
  };
  return { kind: "steps", steps: [step], outcome: "CREATED" };
}

const howToSignIn: Readonly<Record<RequestedPassword["kind"], string>> = {
  GIVEN: "with the password given",
  GENERATED: "with a generated password",
  SET_BY_PERSON: "whose password the person sets by way of an e-mail",
};

function refused(code: ChangeFaultCode, field: string, message: string): Plan {
  return { kind: "refused", fault: { code, field: [field], message } };
}

/** Whether the site tells an address and it is not the one asked for. Case tells no two addresses apart. */
function isOthersEmail(told: string | null, asked: string): boolean {
  return told !== null && told.toLowerCase() !== asked.toLowerCase();
}

/** 192 bits: 32 letters, digits, `-` and `_`. */
const randomLength = 24;

/** A password that nobody can guess. */
export function generatePassword(): Secret {
  return new Secret(randomBytes(randomLength).toString("base64url"));
}
