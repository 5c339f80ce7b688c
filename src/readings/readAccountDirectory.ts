import type { Complete } from "../domain/Complete.js";
import { compareCodePoints } from "../domain/compareCodePoints.js";
import type { AccountId } from "../domain/ids.js";
import { principalOf } from "../domain/principalOf.js";
import { accountList } from "../loaders/accountList.js";
import { isListRefused } from "../loaders/isListRefused.js";
import { onlyOne } from "../loaders/onlyOne.js";
import type { SiteLoaders } from "../loaders/SiteLoaders.js";
import { settle } from "../loaders/settle.js";
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
    const parts = new ReadingParts<AccountId>(loaders.store.clock.now());
    parts.add(
      isListWhole
        ? "accounts that are in no group and hold no grant of their own"
        : "accounts that only user search knows",
      found,
    );
    parts.add(
      "accounts that only group memberships name",
      memberships instanceof Error
        ? memberships
        : {
            ...memberships,
            items: memberships.items.flatMap((grant) => (grant.kind === "membership" ? [grant.accountId] : [])),
          },
    );
    parts.add(
      "accounts that only space grants name",
      grants instanceof Error
        ? grants
        : {
            ...grants,
            items: grants.items.flatMap((grant) => {
              const principal = principalOf(grant);
              return principal.kind === "account" ? [principal.accountId] : [];
            }),
          },
    );
    parts.add("accounts that only the organization names, because they are suspended", hidden);
    const read = parts.finish();
    return { ...read, items: [...new Set(read.items)].sort(compareCodePoints) };
  });
}
