import type { ListedAccount } from "../confluence/port.js";
import type { Complete } from "../domain/Complete.js";
import type { AccountId } from "../domain/ids.js";
import { account } from "./account.js";
import type { FetchReader } from "./FetchReader.js";
import { listedAccount } from "./listedAccount.js";

/** The ids of a list; what it tells of each account also answers for the account by its id. */
export function primeAccounts<K extends string>(
  reader: FetchReader<K>,
  list: Complete<ListedAccount>,
): Complete<AccountId> {
  for (const { facts, told } of list.items) {
    if (told !== undefined) reader.prime(listedAccount, told.accountId, told, list.asOfMs);
    if (facts !== null) reader.prime(account, facts.accountId, facts, list.asOfMs);
  }
  return { ...list, items: list.items.map(({ accountId }) => accountId) };
}
