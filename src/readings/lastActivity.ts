import { type Administrators, findAdministrators } from "../access/findings/administrators.js";
import type { AccessIndex } from "../access/index/AccessIndex.js";
import { inSlices, type Slicing } from "../access/index/store/slices.js";
import { organizationLimits } from "../confluence/limits.js";
import { type Gap, gapFromError, mergeGaps } from "../domain/Complete.js";
import type { AccountId } from "../domain/ids.js";
import { isOfKind, outcomeOf, type SiteError, siteErrorOf } from "../domain/SiteError.js";
import { activeAccounts } from "../loaders/accounts.js";
import { onlyOne } from "../loaders/engine/LoaderDeclaration.js";
import type { SiteLoaders } from "../loaders/engine/SiteLoaders.js";
import { lastActiveSurveyed } from "../loaders/organization.js";
import { capabilities } from "../loaders/site.js";

/** Where an account is a call of its own: how many are asked about for one answer, which waits so long, and how many gaps are told. */
const limits = { asked: organizationLimits.surveyedAMinute, waitMs: 2_000, gapsTold: 25 } as const;

/** How far it is known when administrators were last active. */
interface Activity {
  /** Why nothing can be known of it on this site; `null` where it can. */
  readonly unknowable: Gap | null;
  readonly gaps: readonly Gap[];
}

/**
 * Tells an index when those who administer spaces were last active: out of the list of active users, where the site has one that
 * tells (Data Center 10.2 and later), or from the organization (Cloud). What its search says of an account the crawl has told the
 * index already; whom that leaves out is asked about by a call each, few at a time and behind everybody.
 */
export async function takeLastActivity(loaders: SiteLoaders, index: AccessIndex, slicing: Slicing): Promise<Activity> {
  const { accounts, organization } = loaders.store.site;
  if (accounts.active !== null) return takeFromList(loaders, index);
  if (organization === null)
    return { unknowable: untold("No organization is configured, and nobody else tells it."), gaps: [] };
  return {
    unknowable: null,
    gaps: await takeFromOrganization(loaders, index, await inSlices(findAdministrators(index), slicing)),
  };
}

/** Which list of active users an index was told last: a list that is kept is told once. */
const told = new WeakMap<AccessIndex, unknown>();

async function takeFromList(loaders: SiteLoaders, index: AccessIndex): Promise<Activity> {
  const list = await outcomeOf(loaders.of(activeAccounts).get(onlyOne));
  if (list instanceof Error) return { unknowable: null, gaps: [gapFromError(missing, siteErrorOf(list))] };
  const isTold = list?.items.some(({ lastActiveAtMs }) => lastActiveAtMs !== null) === true;
  const reason = isTold ? null : await reasonAgainst(loaders);
  if (reason !== null) return { unknowable: untold(reason), gaps: list?.gaps ?? [] };
  if (list === null) return { unknowable: null, gaps: [untold("The site has no list that tells it.")] };
  if (told.get(index) !== list) {
    for (const { accountId, lastActiveAtMs } of list.items) index.replaceLastActivity(accountId, lastActiveAtMs);
    told.set(index, list);
  }
  return { unknowable: null, gaps: list.gaps };
}

/** Why the site cannot tell it: nobody ever having signed in is no reason. */
async function reasonAgainst(loaders: SiteLoaders): Promise<string | null> {
  const known = await outcomeOf(loaders.of(capabilities).get(onlyOne));
  if (known === null || known instanceof Error) return null;
  return known.find(({ name }) => name === "LAST_ACTIVITY")?.reason ?? null;
}

/** Whom an index knows by a call of their own: the crawl, which reads it out of rows, does not keep it fresh. */
const askedAlone = new WeakMap<AccessIndex, Set<AccountId>>();

async function takeFromOrganization(
  loaders: SiteLoaders,
  index: AccessIndex,
  { accountIds, isEverybody }: Administrators,
): Promise<readonly Gap[]> {
  const loader = loaders.of(lastActiveSurveyed);
  const alone = askedAlone.get(index) ?? new Set();
  askedAlone.set(index, alone);
  const untoldByRows = accountIds.filter((id) => alone.has(id) || index.lastActivityOf(id) === null);
  const unasked = untoldByRows.filter((id) => !loader.isFresh(id));
  const left = new Set(unasked.slice(limits.asked));
  const asked = untoldByRows.filter((id) => !left.has(id));
  const failed: Gap[] = [];
  let unread = left.size;
  let retryAfterMs: number | null = null;
  const outcomes = await soonEnough(loaders, Promise.all(asked.map((id) => outcomeOf(loader.get(id)))));
  for (const [at, accountId] of asked.entries()) {
    const outcome = outcomes === null ? loader.known(accountId)?.value : outcomes[at];
    if (isOfKind(outcome, "Throttled")) retryAfterMs = Math.max(retryAfterMs ?? 0, outcome.retryAfterMs ?? 0);
    if (outcome === undefined || isOfKind(outcome, "Throttled")) unread += 1;
    else if (outcome instanceof Error) failed.push(gapOf(accountId, siteErrorOf(outcome)));
    else if (outcome !== null) {
      alone.add(accountId);
      index.replaceLastActivity(accountId, outcome.atMs);
    }
  }
  const reasons: Gap[] = failed.slice(0, limits.gapsTold);
  if (unread > 0)
    reasons.push({ ...shortOf(`when ${unread} more administrators were last active`, askAgain), retryAfterMs });
  if (isEverybody)
    reasons.push(shortOf("when those were last active who administer a space by a class of everybody", notListed));
  return mergeGaps(reasons);
}

/** What comes in time; `null` for what goes on behind the answer, which is another then. */
async function soonEnough<T>({ store, basis }: SiteLoaders, reading: Promise<T>): Promise<T | null> {
  const over = new AbortController();
  try {
    const late = store.clock.atMost(limits.waitMs, over.signal).then(
      () => null,
      () => null,
    );
    const inTime = await Promise.race([reading, late]);
    if (inTime === null) basis.leaveOpen();
    return inTime;
  } finally {
    over.abort("over");
  }
}

const missing = "when accounts were last active";
const askAgain = `The organization does not list it, and is asked about ${limits.asked} accounts a minute, a call each and behind all others: ask again.`;
const notListed = "A call for each account of the site would be too many. Take administration from the class first.";

function gapOf(accountId: AccountId, error: SiteError): Gap {
  return gapFromError(`when account ${accountId} was last active`, error);
}

function untold(reason: string): Gap {
  return { missing, kind: "Unsupported", reason, call: null, retryAfterMs: null };
}

function shortOf(what: string, reason: string): Gap {
  return { missing: what, kind: "ReadIncomplete", reason, call: null, retryAfterMs: null };
}
