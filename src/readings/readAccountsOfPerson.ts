import type { Account } from "../domain/Account.js";
import { type Complete, nothing } from "../domain/Complete.js";
import { compareCodePoints } from "../domain/compareCodePoints.js";
import type { Gap } from "../domain/Gap.js";
import { gapFromError } from "../domain/gapFromError.js";
import type { AccountId } from "../domain/ids.js";
import { SiteError } from "../domain/SiteError.js";
import { account } from "../loaders/account.js";
import { accountIdsByEmail } from "../loaders/accountIdsByEmail.js";
import type { SiteLoaders } from "../loaders/SiteLoaders.js";
import { readAccountDirectory } from "./readAccountDirectory.js";
import { readAccountEmails } from "./readAccountEmails.js";

/** The account of a site with an Atlassian account id, if the site knows it. */
export async function readAccountOfAtlassianId(loaders: SiteLoaders, id: AccountId): Promise<Complete<AccountId>> {
  const asOfMs = loaders.store.clock.now();
  // A Data Center knows no Atlassian accounts: nobody is asked.
  if (loaders.store.site.deployment === "datacenter") return nothing(asOfMs);
  const known = await loaders.of(account).get(id);
  return { items: known === null ? [] : [id], gaps: [], asOfMs, assumptions: [] };
}

/**
 * The accounts of a site with an e-mail address. The organization is asked where there is one; otherwise the whole
 * directory is compared, and accounts that hide their address are a gap: nobody knows whose they are.
 */
export async function readAccountsOfEmail(loaders: SiteLoaders, email: string): Promise<Complete<AccountId>> {
  const wanted = email.toLowerCase();
  if (loaders.store.site.organization === null) {
    const directory = await loaders.once("directoryByEmail", () => indexByEmail(loaders));
    return { ...directory, items: directory.byEmail.get(wanted) ?? [] };
  }
  const asOfMs = loaders.store.clock.now();
  const ids = (await loaders.of(accountIdsByEmail).get(wanted)) ?? [];
  const facts = await loaders.of(account).getMany(ids);
  const failed = facts.find((outcome) => outcome instanceof Error);
  if (failed !== undefined) throw failed;
  // The organization has people of other sites too; those that this site does not know have no account here.
  const items = ids.filter((_id, index) => facts[index] !== null).sort(compareCodePoints);
  return { items, gaps: [], asOfMs, assumptions: [] };
}

interface EmailIndex extends Complete<AccountId> {
  readonly byEmail: ReadonlyMap<string, AccountId[]>;
}

async function indexByEmail(loaders: SiteLoaders): Promise<EmailIndex> {
  const directory = await readAccountDirectory(loaders);
  const facts = await readAccountEmails(loaders, await loaders.of(account).getMany(directory.items));
  const byEmail = new Map<string, AccountId[]>();
  const gaps: Gap[] = [...directory.gaps];
  let hidden = 0;
  let failure: SiteError | undefined;
  directory.items.forEach((id, index) => {
    const known: Account | null | Error = facts[index] ?? null;
    if (known instanceof SiteError) failure ??= known;
    else if (known instanceof Error) throw known;
    else if (known !== null && known.email === null && mayBePerson(known)) hidden += 1;
    else if (known?.email != null) {
      const key = known.email.toLowerCase();
      byEmail.set(key, [...(byEmail.get(key) ?? []), id]);
    }
  });
  if (failure !== undefined) gaps.push(gapFromError("accounts whose facts or addresses could not be read", failure));
  if (hidden > 0) {
    gaps.push({
      missing: `whether an account that hides its e-mail address is this person's (${hidden} such)`,
      kind: "ReadIncomplete",
      reason:
        loaders.store.site.deployment === "cloud"
          ? "These accounts hide their e-mail address from this credential. With an organization API key the addresses of managed accounts are known."
          : "The site tells no e-mail address of these accounts.",
      call: null,
      retryAfterMs: null,
    });
  }
  return { ...directory, gaps, byEmail };
}

function mayBePerson({ kind }: Account): boolean {
  return kind !== "APP";
}
