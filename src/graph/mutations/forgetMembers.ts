import type { AccountId } from "../../domain/ids.js";
import { account } from "../../loaders/account.js";
import { accountByUsername } from "../../loaders/accountByUsername.js";
import { accountEmail } from "../../loaders/accountEmail.js";
import { activeAccounts } from "../../loaders/activeAccounts.js";
import { memberOf } from "../../loaders/memberOf.js";
import { onlyOne } from "../../loaders/onlyOne.js";
import type { SiteLoaders } from "../../loaders/SiteLoaders.js";

/** What this request read of accounts before groups got or lost them; where groups decide who is licensed, their facts too. */
export function forgetMembers(loaders: SiteLoaders, accountIds: readonly AccountId[]): void {
  for (const accountId of accountIds) loaders.of(memberOf).clear(accountId);
  if (loaders.store.site.accounts.active === null || accountIds.length === 0) return;
  for (const accountId of accountIds) {
    const username = loaders.of(account).peek(accountId)?.username ?? null;
    if (username !== null) loaders.of(accountByUsername).clear(loaders.store.site.names.username(username));
    loaders.of(account).clear(accountId);
    loaders.of(accountEmail).clear(accountId);
  }
  loaders.of(activeAccounts).clear(onlyOne);
}
