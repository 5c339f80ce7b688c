import type { Account } from "../domain/Account.js";
import { SiteError } from "../domain/SiteError.js";
import { account } from "../loaders/account.js";
import { activeAccounts } from "../loaders/activeAccounts.js";
import { onlyOne } from "../loaders/onlyOne.js";
import type { SiteStore } from "../loaders/SiteStore.js";
import { readEmailAnew } from "./readEmailAnew.js";

/** Whom a site that keeps its own accounts knows by a name to sign in with, or by an e-mail address. */
export interface DirectoryAccount {
  readonly account: Account | null;
  /** Several accounts have the address, and none has it for its name. */
  readonly isAmbiguous: boolean;
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
    return { account: byName, isAmbiguous: false, email: isSure ? null : await readToldEmail(store, byName) };
  }
  const [accountId, ...others] = email === null ? [] : await readIdsOfEmail(store, email);
  if (accountId === undefined || others.length > 0) {
    return { account: null, isAmbiguous: others.length > 0, email: null };
  }
  store.of(account).drop(accountId);
  return { account: await store.read(account, accountId), isAmbiguous: false, email };
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
  throw new SiteError("ReadIncomplete", `Whether somebody has this address already is not known. ${gap.reason}`, {
    call: gap.call ?? "",
    retryAfterMs: gap.retryAfterMs,
  });
}
