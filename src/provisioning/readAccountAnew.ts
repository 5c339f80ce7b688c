import type { Account } from "../domain/Account.js";
import type { AccountId } from "../domain/ids.js";
import { account as accountLoader } from "../loaders/account.js";
import type { SiteStore } from "../loaders/SiteStore.js";
import { forgetAccount } from "./forgetAccount.js";
import { forgetUsername } from "./forgetUsername.js";

/** Reads an account past every cache, and leaves it there for whoever asks next, by its name too. Rejects with a `SiteError`. */
export async function readAccountAnew(store: SiteStore, accountId: AccountId): Promise<Account | null> {
  forgetAccount(store, accountId);
  const account = await store.read(accountLoader, accountId);
  if (account !== null) forgetUsername(store, account);
  return account;
}
