import type { Account } from "../domain/Account.js";
import type { SiteError } from "../domain/SiteError.js";
import { accountEmail } from "../loaders/accountEmails.js";
import type { SiteLoaders } from "../loaders/engine/SiteLoaders.js";
import type { ReadingParts } from "./ReadingParts.js";

/**
 * The accounts with their e-mail addresses, where those are not among the facts; in the order given. An address that
 * could not be read is that account's error; the ages count in `parts`. Costs nothing where the facts hold the addresses (Cloud).
 */
export async function readAccountEmails(
  parts: ReadingParts,
  loaders: SiteLoaders,
  accounts: readonly (Account | null | SiteError)[],
): Promise<(Account | null | SiteError)[]> {
  if (loaders.store.site.accounts.emailsOf === null) return [...accounts];
  return Promise.all(
    accounts.map(async (known) => {
      if (known === null || known instanceof Error) return known;
      const [found] = await parts.facts(loaders.of(accountEmail), [known.accountId]);
      return found instanceof Error ? found : { ...known, email: found?.email ?? known.email };
    }),
  );
}
