import type { Account } from "../domain/Account.js";
import type { AccountId } from "../domain/ids.js";
import { SiteError } from "../domain/SiteError.js";
import { account } from "./account.js";
import { activeAccounts } from "./activeAccounts.js";
import { defineLoader } from "./defineLoader.js";
import { heapEstimates } from "./heapEstimates.js";
import { onlyOne } from "./onlyOne.js";
import type { SiteStore } from "./SiteStore.js";

interface AccountEmail {
  readonly email: string | null;
  /** When it was read: as part of the list, or by itself. */
  readonly asOfMs: number;
}

/**
 * The e-mail address of an account whose facts do not hold it: from the list of licensed accounts where that tells
 * addresses, else one call an account, so only when it is asked for. Absent for an account nobody knows.
 */
export const accountEmail = defineLoader<AccountId, AccountEmail>({
  name: "accountEmail",
  upstream: "call-per-key",
  lifetime: "accounts",
  fetch: async (store, ids, notBeforeMs) => {
    const found = new Map<AccountId, AccountEmail | SiteError>();
    const nowMs = store.clock.now();
    const listed = await readListedEmails(store, notBeforeMs);
    for (const id of ids) {
      const email = listed.get(id);
      if (email !== undefined) found.set(id, email);
    }
    const unlisted = ids.filter((id) => !found.has(id));
    const facts = await store.of(account).readMany(unlisted, notBeforeMs);
    const asked: Account[] = [];
    unlisted.forEach((id, index) => {
      const known = facts[index];
      if (known instanceof SiteError) found.set(id, known);
      else if (known instanceof Error) throw known;
      else if (known) asked.push(known);
    });
    const answers = (await store.site.accounts.emailsOf?.(asked)) ?? new Map();
    for (const { accountId, email } of asked) {
      const answer: string | SiteError | undefined = answers.get(accountId);
      const isUntold = answer instanceof SiteError && isNotOffered(answer);
      found.set(
        accountId,
        answer instanceof SiteError && !isUntold ? answer : { email: textOf(answer) ?? email, asOfMs: nowMs },
      );
    }
    return found;
  },
  sizeOf: () => heapEstimates.id,
  asOfMs: ({ asOfMs }) => asOfMs,
});

/** The site has no such call at all: its capabilities say so once, instead of an error for every account. */
function isNotOffered({ kind, status }: SiteError): boolean {
  return kind === "Unsupported" && status !== null;
}

function textOf(answer: string | SiteError | undefined): string | null {
  return typeof answer === "string" ? answer : null;
}

/** What cannot be read here is asked for account by account. */
async function readListedEmails(store: SiteStore, notBeforeMs: number): Promise<Map<AccountId, AccountEmail>> {
  const [list] = await store.of(activeAccounts).readMany([onlyOne], notBeforeMs);
  if (list instanceof Error && !(list instanceof SiteError)) throw list;
  if (list === null || list === undefined || list instanceof Error) return new Map();
  const { items, asOfMs } = list;
  return new Map(items.flatMap(({ accountId, email }) => (email === null ? [] : [[accountId, { email, asOfMs }]])));
}
