import type { Complete } from "../domain/Complete.js";
import { compareCodePoints } from "../domain/compareCodePoints.js";
import type { AccountId } from "../domain/ids.js";
import { principalOf } from "../domain/principalOf.js";
import { accountSearch } from "./accountSearch.js";
import { onlyOne } from "./onlyOne.js";
import { ReadingParts } from "./ReadingParts.js";
import { readAllMemberships } from "./readMemberships.js";
import { readAllSpaceGrants } from "./readSpaceGrants.js";
import type { SiteLoaders } from "./SiteLoaders.js";
import { settle } from "./settle.js";

/**
 * Everyone, ordered by account id. Confluence has no list of all users, so this is the union of what user search knows,
 * the members of every group, and the principals of every grant; what one source leaves out another often has.
 */
export function readAccountDirectory(loaders: SiteLoaders): Promise<Complete<AccountId>> {
  return loaders.once("accountDirectory", async () => {
    const [found, memberships, grants] = await Promise.all([
      settle(loaders.of(accountSearch).get(onlyOne)),
      settle(readAllMemberships(loaders)),
      settle(readAllSpaceGrants(loaders)),
    ]);
    const parts = new ReadingParts<AccountId>(loaders.store.clock.now());
    parts.add("accounts that only user search knows", found);
    parts.add(
      "accounts that only group memberships name",
      memberships instanceof Error
        ? memberships
        : { ...memberships, items: memberships.items.map((grant) => grant.accountId) },
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
    const read = parts.finish();
    return { ...read, items: [...new Set(read.items)].sort(compareCodePoints) };
  });
}
