import type { Account } from "../../domain/Account.js";
import type { ChangeFault } from "../../domain/Change.js";
import type { Gap } from "../../domain/Complete.js";
import type { AccountId } from "../../domain/ids.js";
import { SiteError } from "../../domain/SiteError.js";
import { accountList, account as accountLoader } from "../../loaders/accounts.js";
import { onlyOne } from "../../loaders/engine/LoaderDeclaration.js";
import { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import type { SiteStore } from "../../loaders/engine/SiteStore.js";
import { readAccountsOfEmail } from "../../readings/accountDirectory.js";
import { type Refusal, refuse } from "../reconcile/Task.js";

/** What a Cloud site says of an e-mail address; `null` where it does not say, or has this call switched off. */
export type SiteAccess = "has-access" | "no-access" | "invalid" | null;

/** Asks the site whether an address has access: `POST /wiki/api/v2/user/access/check-access-by-email`. Sends nobody anything. */
export async function readSiteAccess(store: SiteStore, email: string): Promise<SiteAccess> {
  try {
    const { withoutAccess, invalid } = await store.site.writer.checkAccessByEmail([email]);
    const isAmong = (list: readonly string[]) => list.some((each) => isSameEmail(each, email));
    if (isAmong(invalid)) return "invalid";
    return withoutAccess === null ? null : isAmong(withoutAccess) ? "no-access" : "has-access";
  } catch (error) {
    // Experimental: some sites do not have it, or switch it off.
    if (error instanceof SiteError && (error.status === 503 || error.status === 404)) return null;
    throw error;
  }
}

/** Whose address it is by what the site's own directory tells now. */
export interface EmailOwners {
  readonly owners: readonly Account[];
  /** Why an account may have the address although none was found. */
  readonly gap: Gap | null;
}

/**
 * The accounts of a site that have an address. What is remembered says who may be meant, and whoever it names is read anew: an
 * address may have gone to somebody else since. `isExpected`: somebody has it, so that finding nobody is not believed until all
 * that is remembered was read again.
 */
export async function readEmailOwners(store: SiteStore, email: string, isExpected: boolean): Promise<EmailOwners> {
  const remembered = await readOwners(store, email);
  if (remembered.isSure && (remembered.owners.length > 0 || !isExpected)) return remembered;
  store.of(accountList).drop(onlyOne);
  const listed = await readOwners(store, email);
  if (listed.isSure && listed.owners.length > 0) return listed;
  for (const accountId of store.of(accountList).remembered(onlyOne)?.items ?? [])
    store.of(accountLoader).drop(accountId);
  return readOwners(store, email);
}

async function readOwners(store: SiteStore, email: string): Promise<EmailOwners & { readonly isSure: boolean }> {
  const { items, gaps } = await readAccountsOfEmail(new SiteLoaders(store, 0), email);
  const anew = await Promise.all(items.map((accountId) => store.readAnew(accountLoader, accountId)));
  const owners = anew.filter((each) => each !== null && isSameEmail(each.email, email)).filter((each) => each !== null);
  return { owners, gap: gaps[0] ?? null, isSure: owners.length === items.length };
}

/** Case tells no two addresses apart. An address that is not told is no address. */
export function isSameEmail(told: string | null, asked: string): boolean {
  return told !== null && told.toLowerCase() === asked.toLowerCase();
}

/** Nobody is granted anything where it is not known who is meant. */
export function refuseAmbiguous(accountIds: readonly AccountId[]): Refusal {
  const message = `Several accounts have this address, so nothing is done for any of them: ${accountIds.join(", ")}. Leave the address to the right one, or grant by account id.`;
  return refuse("STATE_UNKNOWN", ["email"], message);
}

/** The site says that an address has access, and not which account it is of. */
export function ownerUntold({ gap }: Pick<EmailOwners, "gap">): ChangeFault {
  const message = `The person has access to the site, but which account is theirs cannot be told, so nothing was granted to it. ${gap?.reason ?? "Search lags behind for a few seconds: repeat the call in a while."}`;
  return { code: "STATE_UNKNOWN", field: ["email"], message };
}
