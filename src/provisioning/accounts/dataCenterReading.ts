import type { Account } from "../../domain/Account.js";
import { errorFromGap } from "../../domain/Complete.js";
import type { AccountId } from "../../domain/ids.js";
import { orSiteError, SiteError } from "../../domain/SiteError.js";
import { account, accountByUsername, account as accountLoader, activeAccounts } from "../../loaders/accounts.js";
import { onlyOne } from "../../loaders/engine/LoaderDeclaration.js";
import type { SiteStore } from "../../loaders/engine/SiteStore.js";

/** Whom a site that keeps its own accounts knows by a name to sign in with, or by an e-mail address. */
export interface DirectoryAccount {
  readonly account: Account | null;
  /** Where several accounts have the address, and none has it for its name: all of them. */
  readonly candidates: readonly AccountId[];
  /** The address that the site tells of the account; `null` where it tells none, or the account is none. */
  readonly email: string | null;
}

/**
 * Reads an account past every cache: `GET /rest/api/user?username=`, with its address where `isSure` is not said; and where no
 * account has this name the list of licensed accounts by their addresses, where that tells them (10.2+). `email` is `null`
 * where the name alone decides. Rejects with a `SiteError`.
 */
export async function readAccountOfDirectory(
  store: SiteStore,
  { username, email, isSure }: { readonly username: string; readonly email: string | null; readonly isSure: boolean },
): Promise<DirectoryAccount> {
  const readAtMs = store.clock.now();
  const byName = (await store.site.accounts.byUsernames?.([username]))?.get(username);
  if (byName instanceof SiteError) throw byName;
  if (byName !== undefined) {
    store.of(account).prime(byName.accountId, byName, readAtMs);
    return { account: byName, candidates: [], email: isSure ? null : await readToldEmail(store, byName) };
  }
  const ids = email === null ? [] : await readIdsOfEmail(store, email);
  const [accountId, ...others] = ids;
  if (accountId === undefined || others.length > 0) {
    return { account: null, candidates: others.length > 0 ? ids : [], email: null };
  }
  store.of(account).drop(accountId);
  return { account: await store.read(account, accountId), candidates: [], email };
}

/** An address that the site keeps to itself decides nothing; one that could not be read now may be somebody else's. */
async function readToldEmail(store: SiteStore, byName: Account): Promise<string | null> {
  const email = await readEmailAnew(store, byName);
  if (!(email instanceof SiteError)) return email;
  if (isTransient(email)) throw email;
  return null;
}

function isTransient({ kind }: SiteError): boolean {
  return kind === "Unreachable" || kind === "UpstreamFailed" || kind === "Throttled";
}

/** Who is not licensed stands in no such list: of them only the name can tell. */
async function readIdsOfEmail(store: SiteStore, email: string) {
  const wanted = email.toLowerCase();
  store.of(activeAccounts).drop(onlyOne);
  const list = await store.read(activeAccounts, onlyOne);
  const ids = (list?.items ?? []).filter((each) => each.email?.toLowerCase() === wanted).map((each) => each.accountId);
  const [gap] = list?.gaps ?? [];
  if (gap === undefined || ids.length > 0) return ids;
  throw errorFromGap(gap, `Whether somebody has this address already is not known. ${gap.reason}`, "ReadIncomplete");
}

/** An account of a site that keeps its own, with what its facts leave out. */
export interface AccountWithEmail {
  readonly account: Account | null;
  /** `null` where the site tells none; why it could not be read where it may have one. */
  readonly email: string | null | SiteError;
}

/** Reads an account and its e-mail address past every cache. Rejects with a `SiteError` where the account cannot be read. */
export async function readAccountWithEmail(store: SiteStore, accountId: AccountId): Promise<AccountWithEmail> {
  const account = await readAccountAnew(store, accountId);
  return { account, email: account === null ? null : await readEmailAnew(store, account) };
}

/** Reads an account past every cache, and leaves it there for whoever asks next, by its name too. Rejects with a `SiteError`. */
export async function readAccountAnew(store: SiteStore, accountId: AccountId): Promise<Account | null> {
  const account = await store.readAnew(accountLoader, accountId);
  const username = account?.username ?? null;
  if (username !== null) store.of(accountByUsername).drop(store.site.names.username(username));
  return account;
}

/**
 * Reads the e-mail address of an account of a site that keeps its own past every cache: from the person's profile, one call,
 * and where that tells none from the list of licensed accounts. `null` where the site tells none; why it could not be read
 * where the account may have one.
 */
export async function readEmailAnew(store: SiteStore, account: Account): Promise<string | null | SiteError> {
  const { accountId } = account;
  const told = (await store.site.accounts.emailsOf?.([account]))?.get(accountId);
  if (typeof told === "string") return told;
  store.of(activeAccounts).drop(onlyOne);
  const [outcome = null] = await store.of(activeAccounts).readMany([onlyOne], 0);
  const list = orSiteError(outcome);
  const items = list === null || list instanceof SiteError ? [] : list.items;
  const listed = items.find((each) => each.accountId === accountId)?.email;
  return listed ?? account.email ?? told ?? null;
}

/** Whether a site that keeps its own accounts has removed one: of what it leaves behind only the key is told. */
export function isAccountGone(account: Account | null): boolean {
  if (account === null || account.username === null || account.reportedKind === "unknown") return true;
  return account.username.toLowerCase() === account.accountId.toLowerCase();
}
