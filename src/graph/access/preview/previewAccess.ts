import type { AccessFacts } from "../../../access/AccessDecision.js";
import type { AccountFacts } from "../../../access/AccountFacts.js";
import { type AccessEffect, evaluateEffects } from "../../../access/evaluateAccess.js";
import type { AccessIndex } from "../../../access/index/AccessIndex.js";
import { resolveAccount } from "../../../access/ResolvedAccount.js";
import { indexSite, knownClassesOf, type SiteIndex } from "../../../access/SiteFacts.js";
import { indexSpace, type SpaceFacts, type SpaceIndex } from "../../../access/SpaceFacts.js";
import { othersTurn } from "../../../callers/Turns.js";
import type { AccountStatus } from "../../../domain/Account.js";
import { type Complete, type Gap, mergeTrust, type Trust } from "../../../domain/Complete.js";
import { type SpaceGrant, spaceGrantKey } from "../../../domain/Grant.js";
import type { AccountId, GroupId, SpaceId } from "../../../domain/ids.js";
import type { Operation } from "../../../domain/Operation.js";
import { type Principal, principalKey } from "../../../domain/Principal.js";
import { outcomeOf } from "../../../domain/SiteError.js";
import { compareText } from "../../../domain/textOrder.js";
import type { SiteLoaders } from "../../../loaders/engine/SiteLoaders.js";
import { foreseen, readAccessFacts, readAccessOfAccount, readAccessOfSpace } from "../../../readings/accessFacts.js";
import { readNestedMembers } from "../../../readings/groupMembers.js";
import { listOrGap } from "../../../readings/ReadingParts.js";
import type { Aftermath } from "../../../readings/residualAccess.js";
import { readSiteFacts } from "../../../readings/siteFacts.js";
import { previewLimits } from "../../limits/budgets.js";
import { gapsOf, groupPrincipal, isAbove, nowhere, shortOf, spacesOf, withParents } from "./placesReached.js";

/** What a plan does to what one account can do in one space. */
export interface PairEffect {
  readonly accountId: AccountId;
  readonly spaceId: SpaceId;
  readonly effects: readonly AccessEffect[];
  /** How things would stand, for explanations. */
  readonly after: AccessFacts;
  /** Changes of which what this rests on may not have heard: with any, nothing of it is sure. */
  readonly unheard: readonly Gap[];
}

/** How things would stand in the spaces and groups, and with the accounts, that the plan is about. */
export interface Foresight extends Aftermath {
  readonly statuses?: ReadonlyMap<AccountId, AccountStatus>;
  /** Accounts that would get a licence on this site. */
  readonly licensed?: ReadonlySet<AccountId>;
  /** Groups that would be deleted, their memberships with them. */
  readonly goneGroups?: ReadonlySet<GroupId>;
  /** An account that is still to be made: whatever it can do then it gains. */
  readonly newcomer?: Newcomer;
}

/** What an account that is still to be made will be from its first day, beside what is planned for it. */
export interface Newcomer {
  /** How it stands then. No site knows this id: nothing is read of it. */
  readonly facts: AccountFacts;
  /** Why that may not be all. */
  readonly gaps: readonly Gap[];
}

/** What is needed to look ahead on one site. */
export interface PreviewPlace {
  readonly loaders: SiteLoaders;
  readonly after: Foresight;
  /** The access index of the site: asked for only where who is reached, or where, takes more than a few calls. */
  index(): Promise<AccessIndex>;
  /** Changes that the index may not have heard of. */
  readonly unheard: readonly Gap[];
}

/** An account and a space that a plan may reach. */
interface Pair {
  readonly accountId: AccountId;
  readonly spaceId: SpaceId;
}

/** What a plan changes about one space. */
interface PlannedSpace {
  readonly before: SpaceFacts;
  readonly indexBefore: SpaceIndex;
  readonly indexAfter: SpaceIndex;
  /** Whose grants are not what they were. */
  readonly principals: readonly Principal[];
  /** What of the site matters on either side. */
  readonly site: SiteIndex;
}

/**
 * Who gains and loses what by a plan, cascades included: what the plan makes of spaces and memberships is put in place of what
 * was read, and both are decided by the same rules, for every account and space that it may reach. What could not be read, or
 * is more than one answer looks at, is a gap.
 */
export async function previewAccess(place: PreviewPlace): Promise<Complete<PairEffect>> {
  const { loaders, after } = place;
  const reading = loaders.apart();
  const preview = new Preview(place, reading);
  const spaces = new Map<SpaceId, PlannedSpace>();
  await Promise.all(
    [...after.spaces].map(async ([spaceId, facts]) => spaces.set(spaceId, await compareSpace(reading, spaceId, facts))),
  );
  for (const [spaceId, { principals }] of [...spaces].sort(([left], [right]) => compareText(left, right))) {
    for (const principal of principals) await preview.reachThrough(principal, spaceId);
  }
  for (const [accountId, groups] of after.memberships) await preview.reachMember(accountId, [...groups.keys()]);
  for (const accountId of [...(after.statuses?.keys() ?? []), ...(after.licensed ?? [])])
    await preview.reachWhole(accountId);
  for (const groupId of after.goneGroups ?? []) await preview.reachGroup(groupId);
  if (after.newcomer !== undefined) await preview.reachNewcomer(after.newcomer);
  return preview.evaluate(spaces);
}

async function compareSpace(reading: SiteLoaders, spaceId: SpaceId, after: SpaceFacts): Promise<PlannedSpace> {
  const before = await readAccessOfSpace(reading, spaceId);
  const keys = (grants: readonly SpaceGrant[]) => new Set(grants.map(spaceGrantKey));
  const [had, has] = [keys(before.grants.items), keys(after.grants.items)];
  const changed = [
    ...before.grants.items.filter((grant) => !has.has(spaceGrantKey(grant))),
    ...after.grants.items.filter((grant) => !had.has(spaceGrantKey(grant))),
  ];
  const principals = new Map(changed.map(({ principal }) => [principalKey(principal), principal]));
  const site = await readSiteFacts(reading, [...before.grants.items, ...after.grants.items]);
  return {
    before,
    indexBefore: indexSpace(before),
    indexAfter: indexSpace(after),
    principals: [...principals.values()],
    site: indexSite(site),
  };
}

class Preview {
  readonly #place: PreviewPlace;
  readonly #reading: SiteLoaders;
  readonly #pairs = new Map<string, Pair>();
  readonly #trusts: Trust[] = [];
  readonly #afterSites = new Map<SiteIndex, SiteIndex>();
  #leftOut = 0;

  constructor(place: PreviewPlace, reading: SiteLoaders) {
    this.#place = place;
    this.#reading = reading;
  }

  /** Notes everybody whom a principal stands for, in a space. */
  async reachThrough(principal: Principal, spaceId: SpaceId): Promise<void> {
    for (const accountId of await this.#accountsOf(principal)) this.#reach({ accountId, spaceId });
  }

  /** Notes where a membership of groups may make a difference to an account. */
  async reachMember(accountId: AccountId, groupIds: readonly GroupId[]): Promise<void> {
    const index = await this.#place.index();
    this.#reachAll([accountId], this.#spacesReached(index, groupIds));
    this.#trusts.push({ gaps: gapsOf(index), asOfMs: this.#now, assumptions: [] });
  }

  /** Notes wherever an account may have anything. */
  async reachWhole(accountId: AccountId): Promise<void> {
    const index = await this.#place.index();
    const own = this.#isRead(accountId)
      ? (await readAccessOfAccount(this.#reading, accountId)).groups.items
      : index.inventory.groupsOf(accountId);
    this.#reachFrom(index, accountId, own);
  }

  /** Notes wherever an account that is still to be made may have anything. */
  async reachNewcomer({ facts: { accountId, groups }, gaps }: Newcomer): Promise<void> {
    const joined = [...(this.#place.after.memberships.get(accountId) ?? [])].flatMap(([id, isIn]) =>
      isIn ? [id] : [],
    );
    this.#reachFrom(await this.#place.index(), accountId, [...groups.items, ...joined]);
    this.#trusts.push({ gaps, asOfMs: this.#now, assumptions: [] });
  }

  #reachFrom(index: AccessIndex, accountId: AccountId, own: readonly GroupId[]): void {
    const { site } = index.factsOf(accountId, nowhere).account;
    const groups = withParents(own, site);
    const classes = knownClassesOf(site.rules).map((classId) => this.#classOf(classId));
    const principals: Principal[] = [{ kind: "account", accountId }, ...[...groups].map(groupPrincipal), ...classes];
    this.#reachAll([accountId], spacesOf(index, principals, isAbove(groups, site)));
    this.#trusts.push({ gaps: gapsOf(index), asOfMs: this.#now, assumptions: [] });
  }

  /** Notes everybody in a group, wherever being in it may make a difference. */
  async reachGroup(groupId: GroupId): Promise<void> {
    const index = await this.#place.index();
    const members = await this.#accountsOf(groupPrincipal(groupId));
    this.#reachAll(members, this.#spacesReached(index, [groupId]));
    this.#trusts.push({ gaps: gapsOf(index), asOfMs: this.#now, assumptions: [] });
  }

  /** Decides about every pair, before and after. */
  async evaluate(planned: ReadonlyMap<SpaceId, PlannedSpace>): Promise<Complete<PairEffect>> {
    const pairs = [...this.#pairs.values()].sort(
      (left, right) => compareText(left.accountId, right.accountId) || compareText(left.spaceId, right.spaceId),
    );
    const accounts = new Set(pairs.map(({ accountId }) => accountId));
    // A few accounts are read by themselves; the groups of many stand in the index.
    const isIndexed =
      accounts.size > previewLimits.readAccounts ||
      hasOthers(pairs, planned) ||
      this.#place.after.newcomer !== undefined;
    const index = isIndexed ? await this.#place.index() : null;
    const unheard = index === null ? [] : this.#place.unheard;
    const items: PairEffect[] = [];
    for (const [number, pair] of pairs.entries()) {
      if (number % previewLimits.pairsAtOnce === 0) await othersTurn();
      const { before, after } = await this.#factsOf(pair, planned.get(pair.spaceId), index);
      const found = evaluateEffects(before, after, this.#superOperations);
      this.#trusts.push(found);
      if (found.items.length > 0) items.push({ ...pair, effects: found.items, after, unheard });
    }
    if (this.#leftOut > 0) this.#trusts.push({ gaps: [tooMany(this.#leftOut)], asOfMs: this.#now, assumptions: [] });
    return { ...mergeTrust(this.#trusts, this.#now), items };
  }

  async #factsOf(
    { accountId, spaceId }: Pair,
    space: PlannedSpace | undefined,
    index: AccessIndex | null,
  ): Promise<{ readonly before: AccessFacts; readonly after: AccessFacts }> {
    const known =
      index === null ? await readAccessFacts(this.#reading, accountId, spaceId) : index.factsOf(accountId, spaceId);
    const site = index === null ? (space?.site ?? known.account.site) : known.account.site;
    const { newcomer } = this.#place.after;
    if (newcomer?.facts.accountId === accountId) {
      const { facts } = newcomer;
      const nobody = { ...facts, status: "CLOSED", isLicensed: false, hasAdminRole: false } as const;
      const then = foreseen(facts, this.#place.after.memberships.get(accountId));
      return {
        before: { account: resolveAccount(nobody, site), space: space?.indexBefore ?? known.space },
        after: { account: resolveAccount(then, site), space: space?.indexAfter ?? known.space },
      };
    }
    const account = this.#isRead(accountId) ? await readAccessOfAccount(this.#reading, accountId) : known.account.facts;
    // The plan is made of what was read just now: what it would change is not so yet, whatever the index remembers.
    const planned = this.#plannedOf(account);
    const now = foreseen(account, new Map([...planned].map(([groupId, isIn]) => [groupId, !isIn])));
    const status = this.#place.after.statuses?.get(accountId) ?? account.status;
    const isLicensed = this.#place.after.licensed?.has(accountId) === true ? true : account.isLicensed;
    const changed = { ...foreseen(account, planned), status, isLicensed };
    return {
      before: { account: resolveAccount(now, site), space: space?.indexBefore ?? known.space },
      after: { account: resolveAccount(changed, this.#withoutGone(site)), space: space?.indexAfter ?? known.space },
    };
  }

  /** Who has no licence yet may be in no list, and so not in the index either. */
  #isRead(accountId: AccountId): boolean {
    return this.#place.after.licensed?.has(accountId) === true;
  }

  #plannedOf({ accountId, groups }: AccountFacts): ReadonlyMap<GroupId, boolean> {
    const planned = new Map(this.#place.after.memberships.get(accountId));
    for (const gone of this.#place.after.goneGroups ?? []) if (groups.items.includes(gone)) planned.set(gone, false);
    return planned;
  }

  /** The site once the groups are deleted: nobody is in them, and they are in none. */
  #withoutGone(site: SiteIndex): SiteIndex {
    const gone = this.#place.after.goneGroups;
    if (gone === undefined || gone.size === 0) return site;
    const known = this.#afterSites.get(site);
    if (known !== undefined) return known;
    const childrenOf = new Map(
      [...site.nesting.childrenOf].map(([parent, children]) => [
        parent,
        gone.has(parent) ? [] : children.filter((child) => !gone.has(child)),
      ]),
    );
    const goneGroups = new Set([...site.goneGroups, ...gone]);
    const after = indexSite({ ...site, goneGroups, nesting: { ...site.nesting, childrenOf } });
    this.#afterSites.set(site, after);
    return after;
  }

  #reachAll(accountIds: Iterable<AccountId>, spaceIds: ReadonlySet<SpaceId>): void {
    for (const accountId of accountIds) for (const spaceId of spaceIds) this.#reach({ accountId, spaceId });
  }

  #reach(pair: Pair): void {
    const key = JSON.stringify([pair.accountId, pair.spaceId]);
    if (this.#pairs.has(key)) return;
    if (this.#pairs.size < previewLimits.pairs) this.#pairs.set(key, pair);
    else this.#leftOut += 1;
  }

  async #accountsOf(principal: Principal): Promise<readonly AccountId[]> {
    if (principal.kind === "account") return [principal.accountId];
    if (principal.kind === "group") {
      const missing = `members of group ${principal.groupId}`;
      const members = listOrGap(
        await outcomeOf(readNestedMembers(this.#reading, principal.groupId)),
        missing,
        this.#now,
      );
      this.#trusts.push(members);
      return members.items.map(({ accountId }) => accountId);
    }
    const page = (await this.#place.index()).membersOf(principal, { first: previewLimits.pairs });
    this.#trusts.push(page);
    this.#leftOut += page.allowed + page.unknown - page.rows.length;
    return page.rows.map(({ accountId }) => accountId);
  }

  /**
   * Where being in some groups may matter: where they hold something, or groups that they are in do; everywhere for groups
   * that license their members or make them super users; and where a class is granted something whose members they make.
   */
  #spacesReached(index: AccessIndex, groupIds: readonly GroupId[]): ReadonlySet<SpaceId> {
    const { site } = index.factsOf("" as AccountId, nowhere).account;
    const groups = withParents(groupIds, site);
    const isLicensing = site.useHolders?.groups.some((groupId) => groups.has(groupId)) === true;
    const isAdministering = site.adminGroups.items.some((groupId) => groups.has(groupId));
    const principals = [...groups].map(groupPrincipal);
    if (isAdministering) principals.push(this.#classOf("all-product-admins"));
    return spacesOf(index, principals, isLicensing || isAbove(groups, site));
  }

  #classOf(classId: string): Principal {
    return this.#place.loaders.site.names.principal({ kind: "accessClass", classId, reportedType: "access-class" });
  }

  /** What super users can do although nobody is granted it. */
  get #superOperations(): readonly Operation[] {
    const { groups, writer } = this.#place.loaders.store.site;
    return groups.superGroupId === null ? [] : writer.grantableOperations;
  }

  get #now(): number {
    return this.#place.loaders.store.clock.now();
  }
}

/** Whether a space is among the pairs that the plan itself has not read. */
function hasOthers(pairs: readonly Pair[], planned: ReadonlyMap<SpaceId, PlannedSpace>): boolean {
  return pairs.some(({ spaceId }) => !planned.has(spaceId));
}

function tooMany(count: number): Gap {
  return shortOf(
    `what becomes of ${count} more pairs of an account and a space`,
    `A preview looks at ${previewLimits.pairs} pairs of an account and a space at most.`,
  );
}
