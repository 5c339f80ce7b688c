import type { ActiveAccount } from "../confluence/port.js";
import type { Account } from "../domain/Account.js";
import { type Complete, errorFromGap } from "../domain/Complete.js";
import type { AccountId } from "../domain/ids.js";
import type { DirectoryPerson } from "../domain/Organization.js";
import type { SiteError } from "../domain/SiteError.js";
import { accountEmail } from "../loaders/accountEmails.js";
import { activeAccounts } from "../loaders/accounts.js";
import { onlyOne } from "../loaders/engine/LoaderDeclaration.js";
import { type SiteLoaders, whenRead } from "../loaders/engine/SiteLoaders.js";
import { directoryPeople } from "../loaders/organization.js";
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
  const described = accounts.filter((known): known is Account => known !== null && !(known instanceof Error));
  const ids = described.map(({ accountId }) => accountId);
  const found = (await parts.facts(loaders.of(accountEmail), ids)).values();
  return accounts.map((known) => {
    if (known === null || known instanceof Error) return known;
    const { value = null } = found.next();
    return value instanceof Error ? value : { ...known, email: value?.email ?? known.email };
  });
}

/** What the list of licensed accounts says of one. */
interface KnownActive {
  /** False where the site has no such list: then nothing is known. */
  readonly isOffered: boolean;
  readonly account: ActiveAccount | null;
}

/**
 * An account as the list of licensed accounts has it; synchronously where the list is at hand. A gap that may hide the
 * account is thrown.
 */
export function readActiveAccount(loaders: SiteLoaders, id: AccountId): KnownActive | Promise<KnownActive> {
  return whenRead(loaders.of(activeAccounts).get(onlyOne), (list) => activeIn(loaders, list, id));
}

function activeIn(loaders: SiteLoaders, list: Complete<ActiveAccount> | null, id: AccountId): KnownActive {
  if (list === null) return { isOffered: false, account: null };
  const byId = loaders.once("activeById", () => new Map(list.items.map((active) => [active.accountId, active])));
  const known = byId.get(id);
  const [gap] = list.gaps;
  if (known !== undefined || gap === undefined) return { isOffered: true, account: known ?? null };
  throw errorFromGap(gap, `The list of licensed accounts was not read whole. ${gap.reason}`, "ReadIncomplete");
}

/**
 * What the synchronised directory holds of an account, `null` when it holds nothing or there is no directory;
 * synchronously where it is at hand. A gap that may hide the person is thrown.
 */
export function readDirectoryPerson(
  loaders: SiteLoaders,
  id: AccountId,
): DirectoryPerson | null | Promise<DirectoryPerson | null> {
  if (!loaders.store.site.organization?.directoryPeople) return null;
  return whenRead(loaders.of(directoryPeople).get(onlyOne), (list) => personIn(loaders, list, id));
}

function personIn(loaders: SiteLoaders, list: Complete<DirectoryPerson> | null, id: AccountId): DirectoryPerson | null {
  const byId = loaders.once("peopleById", () => new Map(list?.items.map((person) => [person.accountId, person])));
  const person = byId.get(id);
  if (person !== undefined) return person;
  const [gap] = list?.gaps ?? [];
  if (gap === undefined) return null;
  throw errorFromGap(gap, `The synchronised directory was not read whole. ${gap.reason}`, "ReadIncomplete");
}
