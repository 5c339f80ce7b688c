import { pageSizes } from "../confluence/pageSizes.js";
import type { AccountId } from "../domain/ids.js";
import { SiteError } from "../domain/SiteError.js";
import { defineLoader } from "./defineLoader.js";
import { heapEstimates } from "./heapEstimates.js";
import { organizationUser } from "./organizationUser.js";

/**
 * The account ids of an e-mail address, lower-cased, as the organization knows them. The search answers with whole users,
 * so 250 e-mails cost as many calls as 250 ids: what it says of each is not asked for again.
 */
export const accountIdsByEmail = defineLoader<string, readonly AccountId[]>({
  name: "accountIdsByEmail",
  upstream: { bulk: pageSizes.organizationUsers },
  lifetime: "accounts",
  fetch: async (store, emails) => {
    const readAtMs = store.clock.now();
    const found = new Map<string, readonly AccountId[] | SiteError>();
    for (const [email, users] of (await store.site.organization?.usersByEmails(emails)) ?? []) {
      if (users instanceof SiteError) {
        found.set(email, users);
        continue;
      }
      for (const user of users) store.of(organizationUser).prime(user.accountId, user, readAtMs);
      found.set(
        email,
        users.map(({ accountId }) => accountId),
      );
    }
    return found;
  },
  sizeOf: (ids) => ids.length * heapEstimates.id,
});
