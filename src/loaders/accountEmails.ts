import { batchSizes } from "../confluence/limits.js";
import type { Account } from "../domain/Account.js";
import type { AccountId } from "../domain/ids.js";
import { SiteError, siteErrorOf } from "../domain/SiteError.js";
import { account, activeAccounts } from "./accounts.js";
import { changedAccount, touchedById, touchedLicence } from "./effects.js";
import { defineLoader, type FetchReader, onlyOne } from "./engine/LoaderDeclaration.js";
import { heapEstimates } from "./limits.js";
import { organizationUser } from "./organization.js";

interface AccountEmail {
  readonly email: string | null;
}

/**
 * The e-mail address of an account whose facts do not hold it: from the list of licensed accounts where that tells
 * addresses, else one call an account, so only when it is asked for. Absent for an account nobody knows.
 */
export const accountEmail = defineLoader<AccountId, AccountEmail>({
  name: "accountEmail",
  upstream: "call-per-key",
  lifetime: "accounts",
  touchedBy: (event, { site }) => {
    const told = changedAccount(event);
    if (told !== null) return touchedById(told);
    // The list of licensed accounts tells addresses, and who is in it changes with the groups.
    return site.accounts.active === null ? [] : touchedLicence(event, site);
  },
  fetch: async (reader, ids) => {
    const found = new Map<AccountId, AccountEmail | SiteError>();
    for (const [id, email] of await readListedEmails(reader, ids)) found.set(id, email);
    const unlisted = ids.filter((id) => !found.has(id));
    const asked: Account[] = [];
    for (const [id, known] of await reader.readEach(account, unlisted)) {
      if (known instanceof SiteError) found.set(id, known);
      else asked.push(known);
    }
    const answers = (await reader.site.accounts.emailsOf?.(asked)) ?? new Map();
    for (const { accountId, email } of asked) {
      const answer: string | SiteError | undefined = answers.get(accountId);
      const isUntold = answer instanceof SiteError && isNotOffered(answer);
      found.set(accountId, answer instanceof SiteError && !isUntold ? answer : { email: textOf(answer) ?? email });
    }
    return found;
  },
  sizeOf: () => heapEstimates.id,
});

/** The site has no such call at all: its capabilities say so once, instead of an error for every account. */
function isNotOffered({ kind, status }: SiteError): boolean {
  return kind === "Unsupported" && status !== null;
}

function textOf(answer: string | SiteError | undefined): string | null {
  return typeof answer === "string" ? answer : null;
}

/** What cannot be read here is asked for account by account. */
async function readListedEmails(
  reader: FetchReader<AccountId>,
  ids: readonly AccountId[],
): Promise<Map<AccountId, AccountEmail>> {
  const found = new Map<AccountId, AccountEmail>();
  try {
    const asked = new Set(ids);
    const listed = await reader.answerFrom(activeAccounts, onlyOne, ({ items }) => {
      const told = items.filter(({ accountId, email }) => email !== null && asked.has(accountId));
      return new Map(told.map(({ accountId, email }) => [accountId, { email }]));
    });
    for (const [id, email] of listed) if (email !== null) found.set(id, email);
  } catch (error) {
    siteErrorOf(error);
  }
  return found;
}

/**
 * The account ids of an e-mail address, lower-cased, as the organization knows them. The search answers with whole users,
 * so 250 e-mails cost as many calls as 250 ids: what it says of each is not asked for again.
 */
export const accountIdsByEmail = defineLoader<string, readonly AccountId[]>({
  name: "accountIdsByEmail",
  upstream: { bulk: batchSizes.organizationUsers },
  lifetime: "accounts",
  touchedBy: (event, { site }) => {
    const told = changedAccount(event);
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
