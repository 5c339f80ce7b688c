import type { Secret } from "../config/Secret.js";
import type { AccountWriter, NewAccount } from "../confluence/writerPort.js";
import type { SiteStore } from "../loaders/SiteStore.js";
import type { AccountRequest, AccountStanding } from "./AccountRequest.js";
import { generatePassword } from "./generatePassword.js";
import { isOthersEmail } from "./isOthersEmail.js";
import { type DirectoryState, planAccountOfDirectory, type WantedAccount } from "./planAccountOfDirectory.js";
import { readAccountOfDirectory } from "./readAccountOfDirectory.js";
import type { SingleChange } from "./reconcile/settleSingle.js";
import { type SingleSettlement, settleSingle } from "./reconcile/settleSingle.js";
import { rememberCreatedAccount } from "./rememberCreatedAccount.js";
import { usernameOf } from "./usernameOf.js";

interface DirectorySettlement extends SingleSettlement {
  readonly store: SiteStore;
  readonly accounts: AccountWriter;
}

/**
 * Makes sure that a person has an account of a site that keeps its own (Data Center). The name to sign in with is the
 * identity: asked twice, the second is `ALREADY_EXISTS`. A generated password is told once, with the outcome `CREATED`.
 */
export async function settleAccountOfDirectory(
  request: AccountRequest,
  settlement: DirectorySettlement,
): Promise<AccountStanding> {
  const { store, accounts, isDryRun } = settlement;
  const generated = request.password.kind === "GENERATED" && !isDryRun ? generatePassword() : null;
  const wanted = wantedAccount(request, generated);
  const { username, email } = wanted;
  // The site said that it made the account: whose it is needs no asking then.
  let isSure = false;
  const create = async (account: NewAccount) => {
    await accounts.create(account);
    isSure = true;
  };
  const change: SingleChange<DirectoryState> = {
    action: "provisionAccount",
    subject: { username, email },
    objection: null,
    read: async () => {
      const found = await readAccountOfDirectory(store, { username, email: wanted.isNamed ? null : email, isSure });
      const isToBeAsked = found.account === null && wanted.passwordKind === "SET_BY_PERSON";
      return { ...found, maySetPassword: isToBeAsked && (await accounts.passwordWays()).has("SET_BY_PERSON") };
    },
    plan: (state) => planAccountOfDirectory(wanted, state, { ...accounts, create }),
    describe: ({ account }) =>
      account === null
        ? []
        : [
            `account ${account.accountId}, named ${account.username}, status ${account.reportedStatus ?? account.status}`,
          ],
  };
  const { outcome, fault, plan, changeId, before, after } = await settleSingle(change, settlement);
  const account = after?.account ?? null;
  if (account !== null && before?.account === null) await rememberCreatedAccount(store, account);
  const isOthers = isOthersEmail(after?.email ?? null, email);
  const accountId = account === null || isOthers ? null : account.accountId;
  const result = { outcome, fault, plan, changeId, accountId, invitation: null, carriedGroupIds: [] };
  if (outcome === "FAILED") return { ...result, grants: "never" };
  if (accountId === null) return { ...result, grants: "planned" };
  const isTold = outcome === "CREATED" && generated !== null;
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
