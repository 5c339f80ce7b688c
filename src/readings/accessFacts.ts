import type { AccessFacts } from "../access/AccessDecision.js";
import { type AccountFacts, describeAccount } from "../access/AccountFacts.js";
import { type ResolvedAccount, resolveAccount } from "../access/ResolvedAccount.js";
import { indexSite, type SiteIndex } from "../access/SiteFacts.js";
import type { SpaceFacts, SpaceIndex } from "../access/SpaceFacts.js";
import { gapFromError, knownEmpty, mergeAssumptions, mergeTrust, staleIn } from "../domain/Complete.js";
import type { AccountId, GroupId, SpaceId } from "../domain/ids.js";
import { type Principal, principalKey } from "../domain/Principal.js";
import { notVisible, orSiteError, outcomeOf, SiteError } from "../domain/SiteError.js";
import { account as accountLoader } from "../loaders/accounts.js";
import { onlyOne } from "../loaders/engine/LoaderDeclaration.js";
import type { SiteLoaders } from "../loaders/engine/SiteLoaders.js";
import { spaceGrants } from "../loaders/grants.js";
import { permissionModel, roleList } from "../loaders/site.js";
import { space as spaceLoader } from "../loaders/spaces.js";
import { readAccountGroups } from "./groups.js";
import { KeptSpaces } from "./KeptSpaces.js";
import { listOrGap } from "./ReadingParts.js";
import { readSiteFacts } from "./siteFacts.js";

/**
 * What decides about one account in one space: its facts and groups, what the space grants, and what of the site those
 * grants make matter. Each part is read once a request, however many questions rest on it. It never rejects for the site's
 * sake: what could not be read is a gap in the facts, and turns what hangs on it UNKNOWN.
 */
export function readAccessFacts(
  loaders: SiteLoaders,
  accountId: AccountId,
  spaceId: SpaceId,
): AccessFacts | Promise<AccessFacts> {
  const [account, place] = begin({ loaders, accountId, spaceId });
  return account instanceof Promise || place instanceof Promise
    ? Promise.all([account, place]).then(([known, where]) => factsOf(known, where))
    : factsOf(account, place);
}

/** An account and a space of one site. */
export interface AccessPair {
  readonly loaders: SiteLoaders;
  readonly accountId: AccountId;
  readonly spaceId: SpaceId;
}

/** When what decides about pairs was read, or was not to be read: after that `readAccessFacts` has it at once. `null`: it has it now. */
export function whenFactsAreKnown(pairs: readonly AccessPair[]): Promise<unknown> | null {
  const parts = new Set<unknown>();
  for (const pair of pairs) for (const part of begin(pair)) if (part instanceof Promise) parts.add(part);
  return parts.size === 0 ? null : Promise.allSettled(parts);
}

function begin({ loaders, accountId, spaceId }: AccessPair) {
  return [
    readAccessOfAccount(loaders, accountId),
    loaders.onceRead(`access of space ${spaceId}`, () => readSpaceOnSite(loaders, spaceId)),
  ] as const;
}

/** A space, and what of its site matters to it. */
interface SpaceOnSite {
  readonly space: SpaceIndex;
  readonly site: SiteIndex;
}

function factsOf(account: AccountFacts, { space, site }: SpaceOnSite): AccessFacts {
  return { account: resolveAccount(account, site), space };
}

async function readSpaceOnSite(loaders: SiteLoaders, spaceId: SpaceId): Promise<SpaceOnSite> {
  const facts = await readAccessOfSpace(loaders, spaceId);
  const space = loaders.store.kept.of("spaces arranged for access", () => new KeptSpaces()).indexOf(facts);
  const site = await readSiteFacts(loaders, facts.grants.items);
  const parts = [space, site].map((part) => ({ gaps: [], asOfMs: part.asOfMs, assumptions: part.assumptions }));
  const { asOfMs, assumptions } = mergeTrust(parts, space.asOfMs);
  // The shape that it had: every decision looks at one of these.
  const aged: SpaceIndex = {
    spaceId: space.spaceId,
    status: space.status,
    statusGaps: space.statusGaps,
    grantGaps: space.grantGaps,
    operations: space.operations,
    grantsGiving: space.grantsGiving,
    grantsGivingAnything: space.grantsGivingAnything,
    asOfMs,
    assumptions,
  };
  return { space: aged, site: indexSite(site) };
}

/** What decides whether an account belongs to some principals, wherever they are granted something. */
export async function readBelongings(
  loaders: SiteLoaders,
  accountId: AccountId,
  principals: readonly Principal[],
): Promise<{ readonly account: ResolvedAccount; readonly asOfMs: number }> {
  const key = principals.map(principalKey).join("\n");
  const [facts, site] = await Promise.all([
    readAccessOfAccount(loaders, accountId),
    loaders.once(`what decides who belongs to ${key}`, () =>
      readSiteFacts(
        loaders,
        principals.map((principal) => ({ principal })),
      ),
    ),
  ]);
  return { account: resolveAccount(facts, indexSite(site)), asOfMs: Math.min(facts.groups.asOfMs, site.asOfMs) };
}

/** What is known of an account, as old as the oldest of it. */
export function readAccessOfAccount(loaders: SiteLoaders, accountId: AccountId): AccountFacts | Promise<AccountFacts> {
  return loaders.onceRead(`access of account ${accountId}`, async () => {
    const [known, groups] = await Promise.all([
      outcomeOf(loaders.of(accountLoader).get(accountId)),
      outcomeOf(readAccountGroups(loaders, accountId)),
    ]);
    const now = loaders.store.clock.now();
    const memberships = listOrGap(groups, `groups of account ${accountId}`, now);
    const trust = mergeTrust([memberships, loaders.of(accountLoader).trustOf(accountId, now)], now);
    return describeAccount(accountId, orSiteError(known), { ...memberships, ...trust });
  });
}

/** An account once the memberships that are planned for it are as planned: `true` for a group that it comes into. */
export function foreseen(facts: AccountFacts, planned: ReadonlyMap<GroupId, boolean> | undefined): AccountFacts {
  if (planned === undefined || planned.size === 0) return facts;
  const { groups } = facts;
  const kept = groups.items.filter((groupId) => !planned.has(groupId));
  const entered = [...planned].flatMap(([groupId, isIn]) => (isIn ? [groupId] : []));
  // Who was taken out is in no gap of that group's list any more.
  const wholeGroups = new Set([...(groups.wholeGroups ?? []), ...planned.keys()]);
  return { ...facts, groups: { ...groups, items: [...kept, ...entered], wholeGroups } };
}

/** What is known of a space, as old as the oldest of it. */
export async function readAccessOfSpace(loaders: SiteLoaders, spaceId: SpaceId): Promise<SpaceFacts> {
  const [space, grants, model] = await Promise.all([
    outcomeOf(loaders.of(spaceLoader).get(spaceId)),
    outcomeOf(loaders.of(spaceGrants).get(spaceId)),
    outcomeOf(loaders.of(permissionModel).get(onlyOne)),
  ]);
  const now = loaders.store.clock.now();
  const held = listOrGap(grants, `what space ${spaceId} grants`, now);
  const hasRoles = held.items.some(({ kind }) => kind === "role");
  const roles = hasRoles
    ? listOrGap(await outcomeOf(loaders.of(roleList).get(onlyOne)), "role definitions", now)
    : knownEmpty(now);
  const described = loaders.of(spaceLoader).trustOf(spaceId, now);
  const modelled = loaders.of(permissionModel).trustOf(onlyOne, now);
  return {
    spaceId,
    status: valueOrNull(space)?.status ?? "UNKNOWN",
    grants: {
      ...held,
      asOfMs: Math.min(held.asOfMs, described.asOfMs),
      assumptions: mergeAssumptions(held.assumptions, staleIn(described, modelled, roles)),
    },
    roles,
    model: valueOrNull(model)?.model ?? "UNKNOWN",
    gaps: [space ?? notVisible(`space ${spaceId}`), model].flatMap((outcome) =>
      outcome instanceof SiteError ? [gapFromError("the space", outcome)] : [],
    ),
  };
}

/** The value, `null` when it is not visible or could not be read; a bug of ours is thrown. */
function valueOrNull<T>(outcome: T | null | Error): T | null {
  const read = orSiteError(outcome);
  return read instanceof SiteError ? null : read;
}
