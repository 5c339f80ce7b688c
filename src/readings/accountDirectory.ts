import { inSlices, type Steps } from "../access/index/store/slices.js";
import type { Account } from "../domain/Account.js";
import { type Complete, type Gap, knownEmpty, mergeTrust, type Trust } from "../domain/Complete.js";
import type { MembershipGrant, StoredSpaceGrant } from "../domain/Grant.js";
import type { AccountId } from "../domain/ids.js";
import { orSiteError, outcomeOf, SiteError } from "../domain/SiteError.js";
import { compareText } from "../domain/textOrder.js";
import { accountIdsByEmail } from "../loaders/accountEmails.js";
import { account, accountList, isListRefused } from "../loaders/accounts.js";
import { KeptParts } from "../loaders/engine/KeptParts.js";
import { LastMade } from "../loaders/engine/KeptThings.js";
import { onlyOne } from "../loaders/engine/LoaderDeclaration.js";
import type { SiteLoaders } from "../loaders/engine/SiteLoaders.js";
import { suspendedPeople } from "../loaders/organization.js";
import { readAccountEmails } from "./accountFacts.js";
import { readHiddenAccounts } from "./groupMembers.js";
import { readAllMemberships } from "./lists/memberships.js";
import type { Parts } from "./lists/Sequence.js";
import { slicing } from "./lists/slicing.js";
import { sortInSteps } from "./lists/sorting.js";
import { readAllSpaceGrants } from "./lists/spaceGrants.js";
import { ReadingParts } from "./ReadingParts.js";

/**
 * Everyone, ordered by account id. Data Center lists all registered users from 8.4 on. Where there is no such list, this is
 * the union of what user search knows, the members of every group, and the principals of every grant; what one source
 * leaves out another often has.
 */
export function readAccountDirectory(loaders: SiteLoaders): Promise<Complete<AccountId>> {
  return loaders.once("accountDirectory", async () => {
    const { isListWhole } = loaders.store.site.accounts;
    const listing = outcomeOf(loaders.of(accountList).get(onlyOne));
    if (isListWhole) {
      const list = await listing;
      if (list instanceof Error && !isListRefused(list)) throw list;
      if (list !== null && !(list instanceof Error)) {
        const { listed } = keptDirectory(loaders);
        return { ...list, items: listed.get([list], () => [...new Set(list.items)].sort(compareText)) };
      }
    }
    const [found, memberships, grants, hidden] = await Promise.all([
      listing,
      outcomeOf(readAllMemberships(loaders, { accounts: true, groups: false })),
      outcomeOf(readAllSpaceGrants(loaders)),
      outcomeOf(readHiddenAccounts(loaders)),
    ]);
    const parts = new ReadingParts(loaders.store.clock.now());
    const listed = parts.take(
      isListWhole
        ? "accounts that are in no group and hold no grant of their own"
        : "accounts that only user search knows",
      found,
    );
    const members = partsOf(
      parts,
      "accounts that only group memberships name",
      memberships,
      ({ accounts }) => accounts,
    );
    const holders = partsOf(parts, "accounts that only space grants name", grants, (all) => all.parts);
    const left = parts.take("accounts that only the organization names, because they are suspended", hidden);
    const { united } = keptDirectory(loaders);
    const ids = united.get([listed, members, holders, left.join()], () =>
      inSlices(unite([listed, left], members, holders), slicing),
    );
    return parts.finish(await ids);
  });
}

/** What is known of each account of the directory, kept from request to request. */
export function keptFactsOf({ store }: SiteLoaders): KeptParts<AccountId, Account> {
  return store.kept.of("facts of everybody", () => new KeptParts(account));
}

interface KeptDirectory {
  readonly listed: LastMade<readonly AccountId[]>;
  readonly united: LastMade<Promise<readonly AccountId[]>>;
}

function keptDirectory({ store }: SiteLoaders): KeptDirectory {
  return store.kept.of("accountDirectory", () => ({ listed: new LastMade(), united: new LastMade() }));
}

const none: Parts<never> = [];

/** The parts of a reading, whose trust counts. */
function partsOf<R extends Trust, T>(
  parts: ReadingParts,
  missing: string,
  reading: R | Error,
  tell: (reading: R) => Parts<T>,
): Parts<T> {
  if (reading instanceof Error) parts.miss(missing, reading);
  else parts.restOn(reading);
  return reading instanceof Error ? none : tell(reading);
}

/** Parts that are gone through in one step. */
const partsAStep = 64;

/** Everyone of all these, ordered. */
function* unite(
  lists: readonly (readonly AccountId[])[],
  members: Parts<MembershipGrant>,
  holders: Parts<StoredSpaceGrant>,
): Steps<readonly AccountId[]> {
  const ids = new Set<AccountId>();
  for (const list of lists) for (const id of list) ids.add(id);
  for (const [index, part] of members.entries()) {
    if (index % partsAStep === 0) yield;
    for (const { accountId } of part) ids.add(accountId);
  }
  for (const [index, part] of holders.entries()) {
    if (index % partsAStep === 0) yield;
    for (const { principal } of part) if (principal.kind === "account") ids.add(principal.accountId);
  }
  return yield* sortInSteps([...ids], compareText);
}

/** The account of a site with an Atlassian account id, if the site knows it. */
export async function readAccountOfAtlassianId(loaders: SiteLoaders, id: AccountId): Promise<Complete<AccountId>> {
  const nowMs = loaders.store.clock.now();
  // Where accounts are the site's own, none is Atlassian's: nobody is asked.
  if (!loaders.store.site.accounts.areAtlassian) return knownEmpty(nowMs);
  const parts = new ReadingParts(nowMs);
  const [known] = await parts.facts(loaders.of(account), [id]);
  if (known instanceof SiteError) throw known;
  return parts.finish(known ? [id] : []);
}

/**
 * The accounts of a site with an e-mail address: those that the organization finds by it, where there is one, and those of the
 * site's own directory that tell it. Accounts whose address nobody tells are a gap: nobody knows whose they are.
 */
export async function readAccountsOfEmail(loaders: SiteLoaders, email: string): Promise<Complete<AccountId>> {
  const wanted = email.toLowerCase();
  const { clock, site } = loaders.store;
  const matched = await readMatches(loaders, wanted);
  const directory = await loaders.once("directoryByEmail", () => readEmailIndex(loaders));
  // Who was found by an address hides it, and all the same it is known whose account that is.
  const hidden = directory.hidden.size - matched.items.filter((id) => directory.hidden.has(id)).length;
  const trust = mergeTrust([matched, directory], clock.now());
  return {
    ...trust,
    items: [...new Set([...matched.items, ...(directory.byEmail.get(wanted) ?? [])])].sort(compareText),
    gaps:
      hidden === 0
        ? trust.gaps
        : [...trust.gaps, addressesHidden(hidden, site.accounts.areAtlassian, directory.isSearchOnly)],
  };
}

/** Those that the organization finds by an address, whether or not their rows show it. */
async function readMatches(loaders: SiteLoaders, email: string): Promise<Complete<AccountId>> {
  const nowMs = loaders.store.clock.now();
  if (loaders.store.site.organization === null) return knownEmpty(nowMs);
  const parts = new ReadingParts(nowMs);
  const [matched] = await parts.facts(loaders.of(accountIdsByEmail), [email]);
  if (matched instanceof SiteError) throw matched;
  const ids = matched ?? [];
  const facts = await parts.facts(loaders.of(account), ids);
  const failed = facts.find((outcome) => outcome instanceof SiteError);
  if (failed !== undefined) throw failed;
  // The organization has people of other sites too; those that this site does not know have no account here.
  return parts.finish(ids.filter((_id, index) => facts[index] !== null));
}

/** A directory by the addresses that it tells. */
interface EmailIndex extends Trust {
  readonly byEmail: ReadonlyMap<string, readonly AccountId[]>;
  /** People, perhaps, whose address nobody tells. */
  readonly hidden: ReadonlySet<AccountId>;
  /** Whether groups and grants were not asked who else there is. */
  readonly isSearchOnly: boolean;
}

/**
 * With an organization user search and whom it suspended come first: where one of those hides the address the answer is
 * open already, and reading all groups, members and grants besides would not close it.
 */
async function readEmailIndex(loaders: SiteLoaders): Promise<EmailIndex> {
  const { organization, accounts } = loaders.store.site;
  if (organization !== null && !accounts.isListWhole) {
    const read = orSiteError(await outcomeOf(readSearched(loaders)));
    const index = read instanceof SiteError ? null : await indexByEmail(loaders, read);
    if (index !== null && (index.hidden.size > 0 || index.gaps.length > 0)) return { ...index, isSearchOnly: true };
  }
  return { ...(await indexByEmail(loaders, await readAccountDirectory(loaders))), isSearchOnly: false };
}

async function readSearched(loaders: SiteLoaders): Promise<Complete<AccountId>> {
  const [found, suspended] = await Promise.all([
    outcomeOf(loaders.of(accountList).get(onlyOne)),
    outcomeOf(loaders.of(suspendedPeople).get(onlyOne)),
  ]);
  const parts = new ReadingParts(loaders.store.clock.now());
  const searched = parts.take("accounts that user search knows", found);
  const left = parts.take("accounts that the organization suspended", suspended);
  return parts.finish([...new Set([...searched, ...left])]);
}

async function indexByEmail(
  loaders: SiteLoaders,
  accounts: Complete<AccountId>,
): Promise<Omit<EmailIndex, "isSearchOnly">> {
  const parts = new ReadingParts(loaders.store.clock.now());
  const items = parts.take("accounts", accounts);
  const known = await parts.keptFacts(loaders, keptFactsOf(loaders), items);
  const facts = await readAccountEmails(parts, loaders, known);
  const byEmail = new Map<string, AccountId[]>();
  const hidden = new Set<AccountId>();
  let failure: SiteError | undefined;
  items.forEach((id, index) => {
    const known: Account | null | SiteError = facts[index] ?? null;
    if (known instanceof SiteError) failure ??= known;
    else if (known !== null && known.email !== null) {
      const key = known.email.toLowerCase();
      byEmail.set(key, [...(byEmail.get(key) ?? []), id]);
    } else if (known !== null && known.organizationError !== null) failure ??= known.organizationError;
    else if (known !== null && known.kind !== "APP") hidden.add(id);
  });
  if (failure !== undefined) parts.miss("accounts whose facts or addresses could not be read", failure);
  return { ...parts.trust, byEmail, hidden };
}

function addressesHidden(count: number, areAtlassian: boolean, isSearchOnly: boolean): Gap {
  const reason = areAtlassian
    ? `These accounts hide their e-mail address from this credential. ${
        isSearchOnly
          ? "The organization tells those of managed accounts alone; accounts that only groups or grants name were not compared besides."
          : "With an organization API key the addresses of managed accounts are known."
      }`
    : "The site tells no e-mail address of these accounts.";
  return {
    missing: `whether an account that hides its e-mail address is this person's (${count} such)`,
    kind: "ReadIncomplete",
    reason,
    call: null,
    retryAfterMs: null,
  };
}
