import { pageSizes } from "../confluence/pageSizes.js";
import type { AccountId } from "../domain/ids.js";
import { SiteError } from "../domain/SiteError.js";
import { accountOf } from "./effects/touches.js";
import { heapEstimates } from "./heapEstimates.js";
import { defineLoader } from "./LoaderDeclaration.js";
import { organizationUser } from "./organizationUser.js";

/**
 * The account ids of an e-mail address, lower-cased, as the organization knows them. The search answers with whole users,
 * so 250 e-mails cost as many calls as 250 ids: what it says of each is not asked for again.
 */
export const accountIdsByEmail = defineLoader<string, readonly AccountId[]>({
  name: "accountIdsByEmail",
  upstream: { bulk: pageSizes.organizationUsers },
  lifetime: "accounts",
  touchedBy: (event, { site }) => {
    const told = accountOf(event);
    if (told === null || site.organization === null || event.kind === "accountStatusChanged") return [];
    // A new address finds somebody, and the former one may find nobody any more.
    if (event.kind === "accountCreated") return told.email === null ? "all" : [told.email.toLowerCase()];
    const { accountId } = told;
    return accountId === null || event.kind === "accountUpdated" ? "all" : { where: (ids) => ids.includes(accountId) };
  },
  fetch: async (reader, emails) => {
    const readAtMs = reader.clock.now();
    const found = new Map<string, readonly AccountId[] | SiteError>();
    for (const [email, users] of (await reader.site.organization?.usersByEmails(emails)) ?? []) {
      if (users instanceof SiteError) {
        found.set(email, users);
        continue;
      }
      for (const user of users) reader.prime(organizationUser, user.accountId, user, readAtMs);
      found.set(
        email,
        users.map(({ accountId }) => accountId),
      );
    }
    return found;
  },
  sizeOf: (ids) => ids.length * heapEstimates.id,
});
