import type { Account } from "../domain/Account.js";
import { accountByUsername } from "../loaders/accountByUsername.js";
import type { SiteStore } from "../loaders/SiteStore.js";

/** Drops what a store remembers of the name that an account signs in with, nobody's as well. */
export function forgetUsername(store: SiteStore, { username }: Pick<Account, "username">): void {
  if (username !== null) store.of(accountByUsername).drop(store.site.names.username(username));
}
