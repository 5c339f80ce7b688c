import type { AccountId } from "../domain/ids.js";
import { account } from "../loaders/account.js";
import type { SiteStore } from "../loaders/SiteStore.js";
import { forgetAccount } from "./forgetAccount.js";
import { forgetUsername } from "./forgetUsername.js";

/**
 * Drops what a store remembers of whether an account is licensed, where groups decide that and a list tells it (Data Center);
 * what is remembered of the account's own facts says it too. Nothing elsewhere.
 */
export function forgetLicence(store: SiteStore, accountId: AccountId): void {
  if (store.site.accounts.active === null) return;
  const known = store.of(account).remembered(accountId);
  if (known) forgetUsername(store, known);
  forgetAccount(store, accountId);
}
