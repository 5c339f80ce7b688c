import { errorFromGap, type Gap } from "../../domain/Complete.js";
import type { AccountId } from "../../domain/ids.js";
import { outcomeOf } from "../../domain/SiteError.js";
import { account } from "../../loaders/accounts.js";
import type { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import { readAccountsOfEmail } from "../../readings/accountDirectory.js";
import { type GraphContext, sitesCovered, sitesWithheld } from "../schema/GraphContext.js";

// A person is named by one key, and a gateway may go on by the other: what the accounts tell of it surely. Nobody's key is guessed, and
// where it could not be found out the field fails, for a null would say that the person has none.

const scopes = ["read", "read:personal"] as const;

/**
 * The address of an Atlassian account, as its sites tell it: null where none does, or where they differ, for one of them is older
 * then and nobody says which.
 */
export async function readEmailOf(context: GraphContext, id: AccountId): Promise<string | null> {
  const known = await Promise.all(
    atlassian(sitesCovered(context, null, scopes)).map((loaders) => outcomeOf(readAccount(loaders, id))),
  );
  const told = known.flatMap((each) => (each === null || each instanceof Error ? [] : (each.email ?? [])));
  const [first] = told;
  if (first !== undefined) {
    return told.every((email) => email.toLowerCase() === first.toLowerCase()) ? first : null;
  }
  for (const each of known) {
    const failure = each instanceof Error ? each : each?.organizationError;
    if (failure != null) throw failure;
  }
  return null;
}

/** The Atlassian account of an address, where there is one, and only one; null where there is none, or several. */
export async function readAtlassianAccountIdOf(context: GraphContext, email: string): Promise<AccountId | null> {
  const sites = atlassian(sitesCovered(context, null, scopes));
  const readings = await Promise.all(sites.map((loaders) => readAccountsOfEmail(loaders, email)));
  const gaps = [...readings.flatMap((reading) => reading.gaps), ...withheldIn(context)];
  const [gap] = gaps;
  if (gap !== undefined) {
    throw errorFromGap(gap, `Not known: the Atlassian account id of this person. ${gap.reason}`, "ReadIncomplete");
  }
  const [found, ...others] = new Set(readings.flatMap(({ items }) => items));
  return found === undefined || others.length > 0 ? null : found;
}

/** Accounts of other sites are the site's own, and nobody there is asked. */
function atlassian(sites: readonly SiteLoaders[]): SiteLoaders[] {
  return sites.filter(({ store }) => store.site.accounts.areAtlassian);
}

function withheldIn(context: GraphContext): readonly Gap[] {
  const { caller } = context;
  const isWithheld = atlassian([...context.sites.values()]).some(
    ({ store }) => !scopes.every((scope) => caller.may(scope, store.site.siteId)),
  );
  return isWithheld ? sitesWithheld(context, null, { what: "accounts of this person", scopes }) : [];
}

async function readAccount(loaders: SiteLoaders, id: AccountId) {
  return loaders.of(account).get(id);
}
