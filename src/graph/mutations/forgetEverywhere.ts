import type { AccountId } from "../../domain/ids.js";
import { account } from "../../loaders/account.js";
import { accountByUsername } from "../../loaders/accountByUsername.js";
import { accountEmail } from "../../loaders/accountEmail.js";
import { accountList } from "../../loaders/accountList.js";
import { activeAccounts } from "../../loaders/activeAccounts.js";
import { directoryPeople } from "../../loaders/directoryPeople.js";
import { groupList } from "../../loaders/groupList.js";
import { groupMembers } from "../../loaders/groupMembers.js";
import { memberOf } from "../../loaders/memberOf.js";
import { onlyOne } from "../../loaders/onlyOne.js";
import { organizationUser } from "../../loaders/organizationUser.js";
import type { SiteLoaders } from "../../loaders/SiteLoaders.js";
import { suspendedPeople } from "../../loaders/suspendedPeople.js";
import { forgetAccount } from "../../provisioning/forgetAccount.js";
import { forgetRemovedAccount } from "../../provisioning/forgetRemovedAccount.js";
import type { GraphContext } from "../GraphContext.js";

/**
 * What was read of an account before it changed must not answer for it afterwards: in this request, and in the cache of every
 * other site of the same organization, which the change reaches as well.
 */
export function forgetEverywhere(
  context: GraphContext,
  changed: SiteLoaders,
  { accountId, isRemoved }: { readonly accountId: AccountId; readonly isRemoved: boolean },
): void {
  const { organization } = changed.store.site;
  for (const loaders of context.sites.values()) {
    const isSame = loaders === changed;
    if (!isSame && (organization === null || loaders.store.site.organization?.orgId !== organization.orgId)) continue;
    // The site that was changed has what was read back already.
    if (!isSame) forgetAccount(loaders.store, accountId);
    if (!isSame && isRemoved) forgetRemovedAccount(loaders.store, accountId);
    for (const group of loaders.of(groupList).peek(onlyOne)?.items ?? []) loaders.of(groupMembers).clear(group.groupId);
    const username = loaders.of(account).peek(accountId)?.username ?? null;
    if (username !== null) loaders.of(accountByUsername).clear(loaders.store.site.names.username(username));
    loaders.of(account).clear(accountId);
    loaders.of(organizationUser).clear(accountId);
    loaders.of(accountEmail).clear(accountId);
    loaders.of(activeAccounts).clear(onlyOne);
    loaders.of(memberOf).clear(accountId);
    loaders.of(suspendedPeople).clear(onlyOne);
    loaders.of(accountList).clear(onlyOne);
    loaders.of(directoryPeople).clear(onlyOne);
    loaders.forgetComputed();
  }
}
