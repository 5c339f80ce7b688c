import type { Account } from "../domain/Account.js";
import { accountEmail } from "../loaders/accountEmail.js";
import type { SiteLoaders } from "../loaders/SiteLoaders.js";

/**
 * The accounts with their e-mail addresses, where those are not among the facts; in the order given. An address that
 * could not be read is that account's `Error`. Costs nothing where the facts hold the addresses (Cloud).
 */
export async function readAccountEmails(
  loaders: SiteLoaders,
  accounts: readonly (Account | null | Error)[],
): Promise<(Account | null | Error)[]> {
  if (loaders.store.site.accounts.emailsOf === null) return [...accounts];
  return Promise.all(
    accounts.map(async (known) => {
      if (known === null || known instanceof Error) return known;
      const [found] = await loaders.of(accountEmail).getMany([known.accountId]);
      return found instanceof Error ? found : { ...known, email: found?.email ?? known.email };
    }),
  );
}
