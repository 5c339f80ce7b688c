import type { Account } from "../domain/Account.js";
import { groupList } from "../loaders/groupList.js";
import { groupMembers } from "../loaders/groupMembers.js";
import { memberOf } from "../loaders/memberOf.js";
import { onlyOne } from "../loaders/onlyOne.js";
import type { SiteStore } from "../loaders/SiteStore.js";
import { forgetUsername } from "./forgetUsername.js";
import { groupsAbove } from "./groupsAbove.js";
import { rememberNewAccount } from "./rememberNewAccount.js";

/**
 * Lets what a store remembers know of an account that the site made: every new one lands in the default group as well, which
 * no call names beforehand, and some directories list it in the groups above that.
 */
export async function rememberCreatedAccount(store: SiteStore, account: Account): Promise<void> {
  const { accountId } = account;
  rememberNewAccount(store, accountId);
  forgetUsername(store, account);
  store.of(memberOf).drop(accountId);
  const [joined] = await store.of(memberOf).readMany([accountId], 0);
  const isKnown = joined !== null && joined !== undefined && !(joined instanceof Error);
  const listed = store.of(groupList).remembered(onlyOne)?.items ?? [];
  const changed = isKnown ? joined.items : listed.map(({ groupId }) => groupId);
  for (const groupId of [...changed, ...groupsAbove(store, changed)]) store.of(groupMembers).drop(groupId);
}
