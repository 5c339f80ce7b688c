import { compareCodePoints } from "../domain/compareCodePoints.js";
import type { AccountId } from "../domain/ids.js";
import { accountList } from "../loaders/accountList.js";
import { directoryPeople } from "../loaders/directoryPeople.js";
import { onlyOne } from "../loaders/onlyOne.js";
import type { SiteStore } from "../loaders/SiteStore.js";
import { forgetAccount } from "./forgetAccount.js";

/** Lets what a store remembers know of an account that came to the site: the search upstream lags behind. */
export function rememberNewAccount(store: SiteStore, accountId: AccountId): void {
  forgetAccount(store, accountId);
  store
    .of(accountList)
    .revise(onlyOne, (list) =>
      list.items.includes(accountId) ? list : { ...list, items: [...list.items, accountId].sort(compareCodePoints) },
    );
  store.of(directoryPeople).drop(onlyOne);
}
