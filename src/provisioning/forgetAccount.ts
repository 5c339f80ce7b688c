import type { AccountId } from "../domain/ids.js";
import { account } from "../loaders/account.js";
import { accountEmail } from "../loaders/accountEmail.js";
import { activeAccounts } from "../loaders/activeAccounts.js";
import { onlyOne } from "../loaders/onlyOne.js";
import { organizationUser } from "../loaders/organizationUser.js";
import type { SiteStore } from "../loaders/SiteStore.js";
import { suspendedPeople } from "../loaders/suspendedPeople.js";

/** Drops what a store remembers of the facts of one account. */
export function forgetAccount(store: SiteStore, accountId: AccountId): void {
  store.of(organizationUser).drop(accountId);
  store.of(account).drop(accountId);
  store.of(accountEmail).drop(accountId);
  store.of(activeAccounts).drop(onlyOne);
  store.of(suspendedPeople).drop(onlyOne);
}
