import type { Account } from "../domain/Account.js";
import type { AccountId } from "../domain/ids.js";
import type { SiteError } from "../domain/SiteError.js";
import type { SiteStore } from "../loaders/SiteStore.js";
import { readAccountAnew } from "./readAccountAnew.js";
import { readEmailAnew } from "./readEmailAnew.js";

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
