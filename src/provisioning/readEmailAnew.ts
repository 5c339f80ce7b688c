import type { Account } from "../domain/Account.js";
import { SiteError } from "../domain/SiteError.js";
import { activeAccounts } from "../loaders/activeAccounts.js";
import { onlyOne } from "../loaders/onlyOne.js";
import type { SiteStore } from "../loaders/SiteStore.js";

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
  const [list] = await store.of(activeAccounts).readMany([onlyOne], 0);
  if (list instanceof Error && !(list instanceof SiteError)) throw list;
  const items = list === null || list === undefined || list instanceof Error ? [] : list.items;
  const listed = items.find((each) => each.accountId === accountId)?.email;
  return listed ?? account.email ?? told ?? null;
}
