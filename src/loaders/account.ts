import type { Found } from "../confluence/Found.js";
import { mergeOrganizationUser } from "../confluence/mergeOrganizationUser.js";
import type { Organization } from "../confluence/organizationPort.js";
import { pageSizes } from "../confluence/pageSizes.js";
import type { Account } from "../domain/Account.js";
import type { AccountId } from "../domain/ids.js";
import type { OrganizationUser } from "../domain/Organization.js";
import { SiteError } from "../domain/SiteError.js";
import { accountList } from "./accountList.js";
import { touchedLicence } from "./effects/touchedLicence.js";
import { accountOf, touchedFacts } from "./effects/touches.js";
import type { FetchReader } from "./FetchReader.js";
import { heapEstimates } from "./heapEstimates.js";
import { isListRefused } from "./isListRefused.js";
import { defineLoader } from "./LoaderDeclaration.js";
import { listedAccount } from "./listedAccount.js";
import { onlyOne } from "./onlyOne.js";
import { organizationUser } from "./organizationUser.js";

/**
 * The facts of an account by its id: Confluence's, completed by the organization's where one is configured. When the
 * organization cannot be asked, nobody knows that an account is not suspended: its status is unknown, and why is kept.
 */
export const account = defineLoader<AccountId, Account>({
  name: "account",
  upstream: { bulk: pageSizes.accountsByIds },
  lifetime: "accounts",
  touchedBy: (event, { site }) => {
    const told = accountOf(event);
    if (told !== null) return touchedFacts(told, site.names);
    return touchedLicence(event, site);
  },
  fetch: async (reader, ids) => {
    const { organization } = reader.site;
    if (organization === null) return readOrListed(reader, ids, () => readOfSite(reader, ids));
    const [accounts, users] = await Promise.all([
      readOrListed(reader, ids, () => reader.site.accounts.byIds(ids)),
      readUsers(reader, organization, ids),
    ]);
    return new Map(
      [...accounts].map(([id, known]) => [
        id,
        known instanceof SiteError ? known : completed(known, users.found.get(id), users.resource),
      ]),
    );
  },
  sizeOf: () => heapEstimates.account,
  mayRemember: (known) => known.organizationError === null && known.factsError === undefined,
});

/** Where the call for facts is refused, what lists told of an account by the way is what there is, and why is kept. */
async function readOrListed(
  reader: FetchReader<AccountId>,
  ids: readonly AccountId[],
  read: () => Promise<Found<AccountId, Account>>,
): Promise<Found<AccountId, Account>> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof SiteError) || !(error.kind === "ScopeMissing" || error.kind === "AccessRefused"))
      throw error;
    const listed = reader.primedSince(listedAccount, ids, 0);
    return new Map(
      ids.map((id) => {
        const told = listed.get(id);
        return [id, told === undefined || told instanceof SiteError ? error : { ...told, factsError: error }];
      }),
    );
  }
}

/** Where each account is a call of its own, many are cheaper read as the whole list, which answers for each of them. */
async function readOfSite(
  reader: FetchReader<AccountId>,
  ids: readonly AccountId[],
): Promise<Found<AccountId, Account>> {
  const { accounts } = reader.site;
  // What the list tells of each is handed over by way of the cache: without one it would be read in vain.
  const isListOfUse = ids.length > accountsWorthListing && reader.lifetimes.accounts > 0;
  if (accounts.idsPerCall > 1 || !isListOfUse) return accounts.byIds(ids);
  const [list] = await reader.readMany(accountList, [onlyOne]);
  if (list instanceof Error && !isListRefused(list)) throw list;
  if (list == null || list instanceof Error) return accounts.byIds(ids);
  const found = reader.primedSince(account, ids, list.asOfMs);
  const unlisted = ids.filter((id) => !found.has(id));
  for (const [id, outcome] of await accounts.byIds(unlisted)) found.set(id, outcome);
  return found;
}

/** From so many accounts on the list is read: it takes one call for 200 accounts. */
const accountsWorthListing = 20;

interface Users {
  readonly found: Found<AccountId, OrganizationUser>;
  readonly resource: string;
}

async function readUsers(
  reader: FetchReader<AccountId>,
  organization: Organization,
  ids: readonly AccountId[],
): Promise<Users> {
  try {
    const [found, resource] = await Promise.all([reader.readEach(organizationUser, ids), organization.siteResource()]);
    return { found, resource };
  } catch (error) {
    if (!(error instanceof SiteError)) throw error;
    return { found: new Map(ids.map((id) => [id, error])), resource: "" };
  }
}

function completed(known: Account, user: OrganizationUser | SiteError | undefined, resource: string): Account {
  if (user === undefined) return known;
  if (!(user instanceof SiteError)) return mergeOrganizationUser(known, user, resource);
  const isSureAnyway = known.status !== "ACTIVE" && known.status !== "UNKNOWN";
  return {
    ...known,
    ...(isSureAnyway ? {} : { status: "UNKNOWN", statusSource: "NONE" }),
    organizationError: user,
  };
}
