import type { Complete } from "../domain/Complete.js";
import { principalOf } from "../domain/Grant.js";
import type { AccountId } from "../domain/ids.js";
import { settle } from "../domain/SiteError.js";
import { compareCodePoints } from "../domain/textOrder.js";
import { accountList, isListRefused } from "../loaders/accounts.js";
import { onlyOne } from "../loaders/engine/LoaderDeclaration.js";
import type { SiteLoaders } from "../loaders/engine/SiteLoaders.js";
import { ReadingParts } from "./ReadingParts.js";
import { readHiddenAccounts } from "./readGroupMembers.js";
import { readAllMemberships } from "./readMemberships.js";
import { readAllSpaceGrants } from "./readSpaceGrants.js";

/**
 * Everyone, ordered by account id. Data Center lists all registered users from 8.4 on. Where there is no such list, this is
 * the union of what user search knows, the members of every group, and the principals of every grant; what one source
 * leaves out another often has.
 */
export function readAccountDirectory(loaders: SiteLoaders): Promise<Complete<AccountId>> {
  return loaders.once("accountDirectory", async () => {
    const { isListWhole } = loaders.store.site.accounts;
    const listing = settle(loaders.of(accountList).get(onlyOne));
    if (isListWhole) {
      const list = await listing;
      if (list instanceof Error && !isListRefused(list)) throw list;
      if (list !== null && !(list instanceof Error)) {
        return { ...list, items: [...new Set(list.items)].sort(compareCodePoints) };
      }
    }
    const [found, memberships, grants, hidden] = await Promise.all([
      listing,
      settle(readAllMemberships(loaders, { accounts: true, groups: false })),
      settle(readAllSpaceGrants(loaders)),
      settle(readHiddenAccounts(loaders)),
    ]);
    const parts = new ReadingParts(loaders.store.clock.now());
    const ids = new Set<AccountId>();
    const listed = parts.take(
      isListWhole
        ? "accounts that are in no group and hold no grant of their own"
        : "accounts that only user search knows",
      found,
    );
    for (const id of listed) ids.add(id);
    for (const grant of parts.take("accounts that only group memberships name", memberships)) {
      if (grant.kind === "membership") ids.add(grant.accountId);
    }
    for (const grant of parts.take("accounts that only space grants name", grants)) {
      const principal = principalOf(grant);
      if (principal.kind === "account") ids.add(principal.accountId);
    }
    for (const id of parts.take("accounts that only the organization names, because they are suspended", hidden)) {
      ids.add(id);
    }
    return parts.finish([...ids].sort(compareCodePoints));
  });
}
