import type { Found } from "../confluence/fetchMany.js";
import { batchSizes } from "../confluence/limits.js";
import type { Organization } from "../confluence/organizationPort.js";
import type { ActiveAccount, ListedAccount } from "../confluence/port.js";
import type { Account } from "../domain/Account.js";
import { type Complete, withItems } from "../domain/Complete.js";
import type { AccountId } from "../domain/ids.js";
import { mergeOrganizationUser, type OrganizationUser } from "../domain/Organization.js";
import { isOfKind, SiteError, siteErrorOf } from "../domain/SiteError.js";
import { compareText } from "../domain/textOrder.js";
import {
  accountChanges,
  changedAccount,
  touchedById,
  touchedFacts,
  touchedLicence,
  touchedOnlyOne,
} from "./effects.js";
import { defineListLoader, defineLoader, type FetchReader, type OnlyOne, onlyOne } from "./engine/LoaderDeclaration.js";
import { accountsWorthListing, heapEstimates, rowsOfPriming } from "./limits.js";
import { organizationUser } from "./organization.js";

/**
 * The facts of an account by its id: Confluence's, completed by the organization's where one is configured. When the
 * organization cannot be asked, nobody knows that an account is not suspended: its status is unknown, and why is kept.
 */
export const account = defineLoader<AccountId, Account>({
  name: "account",
  upstream: { bulk: batchSizes.accounts },
  lifetime: "accounts",
  touchedBy: (event, { site }) => {
    const told = changedAccount(event);
    if (told !== null) return touchedFacts(told, site.names);
    return touchedLicence(event, site);
  },
  fetch: async (reader, ids) => {
    const { organization } = reader.site;
    if (organization === null) return readOrListed(reader, ids, () => readFromSite(reader, ids));
    const [accounts, { users, siteResource }] = await Promise.all([
      readOrListed(reader, ids, () => reader.site.accounts.byIds(ids)),
      readOrganizationPart(reader, organization, ids),
    ]);
    return new Map(
      [...accounts].map(([id, known]) => [
        id,
        known instanceof SiteError ? known : completed(known, users.get(id), siteResource),
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
    if (!isOfKind(error, "ScopeMissing", "AccessRefused")) throw error;
    const listed = await reader.primedSince(listedAccount, ids, 0);
    return new Map(
      ids.map((id) => {
        const told = listed.get(id);
        return [id, told === undefined || told instanceof SiteError ? error : { ...told, factsError: error }];
      }),
    );
  }
}

/** Where each account is a call of its own, many are cheaper read as the whole list, which answers for each of them. */
async function readFromSite(
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
  const found = await reader.primedSince(account, ids, list.asOfMs);
  const unlisted = ids.filter((id) => !found.has(id));
  for (const [id, outcome] of await accounts.byIds(unlisted)) found.set(id, outcome);
  return found;
}

interface OrganizationPart {
  readonly users: Found<AccountId, OrganizationUser>;
  /** The site, as the organization names it. */
  readonly siteResource: string;
}

async function readOrganizationPart(
  reader: FetchReader<AccountId>,
  organization: Organization,
  ids: readonly AccountId[],
): Promise<OrganizationPart> {
  try {
    const [users, siteResource] = await Promise.all([
      reader.readEach(organizationUser, ids),
      organization.siteResource(),
    ]);
    return { users, siteResource };
  } catch (error) {
    const failure = siteErrorOf(error);
    return { users: new Map(ids.map((id) => [id, failure])), siteResource: "" };
  }
}

function completed(known: Account, user: OrganizationUser | SiteError | undefined, siteResource: string): Account {
  if (user === undefined) return known;
  if (!(user instanceof SiteError)) return mergeOrganizationUser(known, user, siteResource);
  const isSureAnyway = known.status !== "ACTIVE" && known.status !== "UNKNOWN";
  return {
    ...known,
    ...(isSureAnyway ? {} : { status: "UNKNOWN", statusSource: "NONE" }),
    organizationError: user,
  };
}

/** The ids that one chain of pages lists: everyone on Data Center; on Cloud one of three sources, never all of it. */
export const accountList = defineListLoader<OnlyOne, AccountId>({
  name: "accountList",
  upstream: "call-per-key",
  lifetime: "accounts",
  touchedBy: (event, { site }) => {
    const isHere = event.siteId === site.siteId;
    switch (event.kind) {
      case "accountCreated":
      case "productRoleChanged": {
        const { accountId } = event;
        // Where the list is whole, it tells whose was made. Cloud's search lags behind.
        if (accountId === null || !event.isSeen) return site.accounts.isListWhole ? [onlyOne] : [];
        // To the other sites of the organization nobody came by this.
        return isHere ? { revise: onlyOne, to: (list) => withAccount(list, accountId) } : [];
      }
      case "accountRemoved": {
        const { accountId } = event;
        if (accountId === null || !event.isSeen) return site.accounts.isListWhole ? [onlyOne] : [];
        return {
          revise: onlyOne,
          to: (list) => ({ ...list, items: list.items.filter((listed) => listed !== accountId) }),
        };
      }
      case "accountStatusChanged":
        return site.groups.leavesOutSuspended ? [onlyOne] : [];
      default:
        return [];
    }
  },
  fetch: async (reader) => new Map([[onlyOne, await primeAccounts(reader, await reader.site.accounts.list())]]),
  bytesPerItem: heapEstimates.id,
});

function withAccount(list: Complete<AccountId>, accountId: AccountId): Complete<AccountId> {
  if (list.items.includes(accountId)) return list;
  return { ...list, items: [...list.items, accountId].sort(compareText) };
}

/**
 * The ids of a list; what it tells of each account also answers for the account by its id. What several lists of one reading tell
 * in one is put there once: `primed` has what was.
 */
export async function primeAccounts<K extends string>(
  reader: FetchReader<K>,
  list: Complete<ListedAccount>,
  primed = new Set<Account>(),
): Promise<Complete<AccountId>> {
  for (const { facts, told } of list.items) {
    if (told !== undefined && !primed.has(told)) {
      primed.add(told);
      reader.prime(listedAccount, told.accountId, told, list.asOfMs);
    }
    if (facts !== null) reader.prime(account, facts.accountId, facts, list.asOfMs);
    const turn = reader.giveWay(rowsOfPriming);
    if (turn !== null) await turn;
  }
  return withItems(
    list,
    list.items.map(({ accountId }) => accountId),
  );
}

/**
 * What lists told of an account by the way. It is only ever put here by the lists, and serves where the call that tells more
 * is refused; by itself it cannot be read.
 */
export const listedAccount = defineLoader<AccountId, Account>({
  name: "listedAccount",
  upstream: "call-per-key",
  lifetime: "accounts",
  touchedBy: (event, { site }) => {
    const told = changedAccount(event);
    return told === null ? [] : touchedFacts(told, site.names);
  },
  fetch: async (_reader, ids) => new Map(ids.map((id) => [id, onlyListsTell])),
  sizeOf: () => heapEstimates.account,
});

const onlyListsTell = new SiteError("Unsupported", "Only lists of accounts tell this.", {
  call: "GET /wiki/rest/api/group/{groupId}/membersByGroupId",
});

/** An account by the name it signs in with, in lower case: names there do not tell cases apart. Data Center only. */
export const accountByUsername = defineLoader<string, Account>({
  name: "accountByUsername",
  upstream: "call-per-key",
  lifetime: "accounts",
  touchedBy: (event, known) => {
    const { site } = known;
    if (site.accounts.byUsernames === null) return [];
    const told = changedAccount(event);
    if (told !== null && told.username !== null) return [site.names.username(told.username)];
    const ids = told === null ? touchedLicence(event, site) : touchedById(told);
    if (ids === "all") return "all";
    const names = ids.map((id) => known.remembered(account, id)?.username ?? null);
    // Of whom no facts are remembered under the id, some may be under a name.
    if (names.includes(null)) return { where: ({ accountId }) => ids.includes(accountId) };
    return names.flatMap((name) => (name === null ? [] : [site.names.username(name)]));
  },
  fetch: async (reader, names) => {
    const { byUsernames } = reader.site.accounts;
    if (byUsernames === null) {
      const message = "This site does not tell the names that accounts sign in with. Look the account up by its id.";
      throw new SiteError("Unsupported", message, { call: "GET /rest/api/user" });
    }
    const readAtMs = reader.clock.now();
    const found = await byUsernames(names);
    for (const outcome of found.values()) {
      if (!(outcome instanceof SiteError)) reader.prime(account, outcome.accountId, outcome, readAtMs);
    }
    return found;
  },
  sizeOf: () => heapEstimates.account,
});

/** The accounts that count for the licence, and what only their list tells; absent where the site has no such list. */
export const activeAccounts = defineListLoader<OnlyOne, ActiveAccount>({
  name: "activeAccounts",
  upstream: "call-per-key",
  lifetime: "accounts",
  touchedBy: (event, { site }) =>
    site.accounts.active === null
      ? []
      : touchedOnlyOne(event, { ...accountChanges, membershipChanged: true, groupDeleted: true }),
  fetch: async (reader) => {
    const { active } = reader.site.accounts;
    if (active === null) return new Map();
    try {
      return new Map([[onlyOne, await active()]]);
    } catch (error) {
      if (isOfKind(error, "Unsupported")) return new Map();
      throw error;
    }
  },
  bytesPerItem: heapEstimates.activeAccount,
});

/** Whether a site has no list of everyone, or none for us. Any other failure would befall other ways to the same as well. */
export function isListRefused(error: Error): boolean {
  return isOfKind(error, "Unsupported", "AccessRefused");
}
