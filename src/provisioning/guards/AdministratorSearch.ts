import { describeAccount } from "../../access/AccountFacts.js";
import { unknowable } from "../../access/Belonging.js";
import {
  type AdministratorVerdict,
  administerSpace,
  administratorsIn,
  evaluateAdministrator,
} from "../../access/findings/evaluateAdministrator.js";
import { indexSite, type SiteIndex } from "../../access/SiteFacts.js";
import { indexSpace, operationKey, type SpaceIndex } from "../../access/SpaceFacts.js";
import type { Account } from "../../domain/Account.js";
import { type Complete, type Gap, knownEmpty, mergeGaps } from "../../domain/Complete.js";
import type { SpaceGrant, SpaceRole } from "../../domain/Grant.js";
import type { AccountId, GroupId, SpaceId } from "../../domain/ids.js";
import { readSpace } from "../../domain/Operation.js";
import type { Principal } from "../../domain/Principal.js";
import type { PermissionModel } from "../../domain/Site.js";
import { orSiteError, outcomeOf } from "../../domain/SiteError.js";
import type { SpaceStatus } from "../../domain/Space.js";
import { accountList, account as accountLoader } from "../../loaders/accounts.js";
import { onlyOne } from "../../loaders/engine/LoaderDeclaration.js";
import type { SiteLoaders } from "../../loaders/engine/SiteLoaders.js";
import { groupMembers } from "../../loaders/memberships.js";
import { readAccountGroups } from "../../readings/groups.js";
import { listOrGap } from "../../readings/ReadingParts.js";
import { readSiteFacts } from "../../readings/siteFacts.js";
import type { PlannedSoFar } from "./PlannedSoFar.js";

/** What a space grants, as it was read or as it will be. */
export interface AdministeredSpace {
  readonly spaceId: SpaceId;
  readonly status: SpaceStatus;
  readonly grants: Complete<SpaceGrant>;
  readonly roles: Complete<SpaceRole>;
  readonly model: PermissionModel;
}

/** What a change takes beside grants: whose account can be used no more, which memberships end, which groups go. */
export interface Loss {
  readonly accounts: ReadonlySet<AccountId>;
  readonly groups: ReadonlySet<GroupId>;
  readonly memberships: ReadonlyMap<GroupId, ReadonlySet<AccountId>>;
}

export const noLoss: Loss = { accounts: new Set(), groups: new Set(), memberships: new Map() };

/** What is taken for true beside what is read. */
export interface Circumstances {
  readonly loss: Loss;
  readonly planned: PlannedSoFar;
}

/** Whether anybody administers a space: the first person proved ends the search. `gaps` are what keeps a doubt open. */
type Administered =
  | { readonly is: "YES"; readonly accountId: AccountId }
  | { readonly is: "NO" }
  | { readonly is: "UNKNOWN"; readonly gaps: readonly [Gap, ...Gap[]] };

/** People whose facts are looked at, and people whose groups are, for one space at most. */
const maxPeople = 2_000;
const maxPeopleByGroups = 50;

/**
 * Looks for an active person who administers one space, by the access rules: directly, through groups (nested ones on Data
 * Center) or classes; read is needed; apps do not count, and nobody by the super group alone. An account nobody knows, an empty
 * or a vanished group is nobody.
 */
export class AdministratorSearch {
  readonly #loaders: SiteLoaders;
  readonly #space: SpaceIndex;
  readonly #relevant: readonly SpaceGrant[];
  readonly #loss: Loss;
  readonly #planned: PlannedSoFar;
  readonly #tried = new Map<AccountId, "partly" | "wholly">();
  readonly #seenIn = new Map<AccountId, Set<GroupId>>();
  readonly #wholeGroups = new Set<GroupId>();
  #gaps: readonly Gap[] = [];
  #byGroups = 0;

  constructor(loaders: SiteLoaders, space: AdministeredSpace, { loss, planned }: Circumstances) {
    this.#loaders = loaders;
    this.#loss = loss;
    this.#planned = planned;
    this.#space = indexSpace({ ...space, gaps: [] });
    this.#relevant = this.#grantsThatMatter();
  }

  async find(): Promise<Administered> {
    if (this.#space.status === "TRASHED") return { is: "NO" };
    const principals = administratorsIn(this.#space);
    const direct = principals.flatMap((each) => (each.kind === "account" ? [each.accountId] : []));
    const { licensedBy } = this.#loaders.store.site.accounts;
    // Where no permission on the site licenses, what an account holds itself mostly proves it: then nothing of the site is read.
    const early = licensedBy === "ORGANIZATION" ? await this.#tryPartly(direct, bareSite(this.#loaders)) : null;
    if (early !== null) return { is: "YES", accountId: early };
    const site = indexSite(this.#withoutLost(await readSiteFacts(this.#loaders, this.#relevant)));
    this.#gaps = mergeGaps(this.#space.grantGaps);
    for await (const people of this.#candidates(principals, direct, site)) {
      const found = (await this.#tryPartly(people, site)) ?? (await this.#tryWholly(people, site));
      if (found !== null) return { is: "YES", accountId: found };
    }
    const [first, ...rest] = this.#gaps;
    return first === undefined ? { is: "NO" } : { is: "UNKNOWN", gaps: [first, ...rest] };
  }

  /** The grants that administration can rest on: those that give it, or the read it needs. */
  #grantsThatMatter(): readonly SpaceGrant[] {
    const { grantsGiving, grantsGivingAnything } = this.#space;
    const sources = [
      grantsGiving.get(operationKey(administerSpace)),
      grantsGiving.get(operationKey(readSpace)),
      grantsGivingAnything,
    ];
    return sources.flatMap((source) =>
      source === undefined
        ? []
        : [...source.byAccount.values(), ...source.shared].flatMap(({ grants }) => grants.map(({ grant }) => grant)),
    );
  }

  async *#candidates(
    principals: readonly Principal[],
    direct: readonly AccountId[],
    site: SiteIndex,
  ): AsyncGenerator<readonly AccountId[]> {
    yield* inSteps(direct);
    const groups = principals.flatMap((each) => (each.kind === "group" ? [each.groupId] : []));
    yield* this.#membersOf(groups, site);
    for (const principal of principals) {
      if (principal.kind === "accessClass") yield* this.#membersOfClass(principal.classId, site);
    }
  }

  /** Members of groups, one list after the other; on Data Center those of the groups below as well. */
  async *#membersOf(groups: readonly GroupId[], site: SiteIndex): AsyncGenerator<readonly AccountId[]> {
    const below = new Set(groups);
    for (const groupId of below) {
      if (site.goneGroups.has(groupId)) continue;
      for (const child of site.nesting.childrenOf.get(groupId) ?? []) below.add(child);
      this.#doubt(site.nesting.gaps.get(groupId) ?? []);
      const outcome = await outcomeOf(this.#loaders.of(groupMembers).get(groupId));
      const members = listOrGap(outcome, `members of group ${groupId}`, this.#loaders.store.clock.now());
      this.#doubt(members.gaps);
      if (members.gaps.length === 0) this.#wholeGroups.add(groupId);
      const ended = this.#loss.memberships.get(groupId);
      const people = this.#planned.membersOf(groupId, members.items).filter((id) => ended?.has(id) !== true);
      for (const id of people) this.#seenIn.set(id, (this.#seenIn.get(id) ?? new Set()).add(groupId));
      yield* inSteps(people);
    }
  }

  async *#membersOfClass(classId: string, site: SiteIndex): AsyncGenerator<readonly AccountId[]> {
    const now = this.#loaders.store.clock.now();
    if (classId === "all-product-admins") {
      this.#doubt(site.adminGroups.gaps);
      yield* this.#membersOf(site.adminGroups.items, site);
      // Who holds the role without such a group can be asked about people, and not listed.
      if (this.#loaders.store.site.organization !== null) {
        this.#doubt([unknowable("who holds the role atlassian/admin", "The organization does not list its holders.")]);
      }
      return;
    }
    // Whoever holds something here is as likely as anybody, and known already.
    yield* inSteps(
      this.#relevant.flatMap(({ principal }) => (principal.kind === "account" ? [principal.accountId] : [])),
    );
    const list = listOrGap(await outcomeOf(this.#loaders.of(accountList).get(onlyOne)), "the list of accounts", now);
    yield* inSteps(list.items);
    this.#doubt(list.gaps);
  }

  /** The first of these who is an administrator by what is known without asking for anybody's groups. */
  async #tryPartly(people: readonly AccountId[], site: SiteIndex): Promise<AccountId | null> {
    const untried = people.filter((id) => !this.#loss.accounts.has(id) && this.#tried.get(id) !== "wholly");
    if (this.#tried.size + untried.length > maxPeople) {
      this.#doubt([
        unknowable("who else administers the space", `More than ${maxPeople} people would have to be looked at.`),
      ]);
      return null;
    }
    const facts = await this.#loaders.of(accountLoader).getMany(untried);
    for (const [index, id] of untried.entries()) {
      this.#tried.set(id, "partly");
      const groups = {
        ...knownEmpty(this.#loaders.store.clock.now()),
        items: [...(this.#seenIn.get(id) ?? [])],
        gaps: [groupsUnasked],
        wholeGroups: this.#wholeGroups,
      };
      if (this.#judge(id, facts[index] ?? null, groups, site).is === "YES") return id;
    }
    return null;
  }

  /** The first of these who is an administrator by all that can be known; what keeps a doubt open about others is kept. */
  async #tryWholly(people: readonly AccountId[], site: SiteIndex): Promise<AccountId | null> {
    const now = this.#loaders.store.clock.now();
    for (const id of people) {
      if (this.#loss.accounts.has(id) || this.#tried.get(id) !== "partly") continue;
      const facts = await outcomeOf(this.#loaders.of(accountLoader).get(id));
      const none = { ...knownEmpty(now), gaps: [groupsUnasked] };
      // Nothing that its groups could be would make it an administrator.
      if (this.#judge(id, facts, none, site).is === "NO") {
        this.#tried.set(id, "wholly");
        continue;
      }
      if (this.#byGroups >= maxPeopleByGroups) {
        this.#doubt([
          unknowable(
            "who else administers the space",
            `The groups of more than ${maxPeopleByGroups} people would have to be read.`,
          ),
        ]);
        return null;
      }
      this.#byGroups += 1;
      const read = listOrGap(await outcomeOf(readAccountGroups(this.#loaders, id)), `groups of account ${id}`, now);
      const inGroups = this.#planned.groupsOf(id, read.items);
      const items = [...new Set([...inGroups, ...(this.#seenIn.get(id) ?? [])])].filter(
        (groupId) => !this.#isEnded(groupId, id),
      );
      this.#tried.set(id, "wholly");
      const verdict = this.#judge(id, facts, { ...read, items, wholeGroups: this.#wholeGroups }, site);
      if (verdict.is === "YES") return id;
      if (verdict.is === "UNKNOWN") this.#doubt(verdict.gaps);
    }
    return null;
  }

  #judge(
    id: AccountId,
    outcome: Account | null | Error,
    groups: Parameters<typeof describeAccount>[2],
    site: SiteIndex,
  ): AdministratorVerdict {
    const facts = orSiteError(outcome);
    // An account that no list knows is nobody.
    return facts === null ? { is: "NO" } : evaluateAdministrator(describeAccount(id, facts, groups), site, this.#space);
  }

  #isEnded(groupId: GroupId, accountId: AccountId): boolean {
    return this.#loss.groups.has(groupId) || this.#loss.memberships.get(groupId)?.has(accountId) === true;
  }

  #withoutLost<T extends { readonly goneGroups: ReadonlySet<GroupId>; readonly nesting: SiteIndex["nesting"] }>(
    facts: T,
  ): T {
    if (this.#loss.groups.size === 0) return facts;
    const lost = this.#loss.groups;
    const childrenOf = new Map(
      [...facts.nesting.childrenOf].flatMap(([parent, children]) =>
        lost.has(parent) ? [] : [[parent, children.filter((child) => !lost.has(child))] as const],
      ),
    );
    return {
      ...facts,
      goneGroups: new Set([...facts.goneGroups, ...lost]),
      nesting: { ...facts.nesting, childrenOf },
    };
  }

  #doubt(gaps: readonly Gap[]): void {
    if (gaps.length > 0) this.#gaps = mergeGaps(this.#gaps, gaps);
  }
}

/** What proves somebody without a reading of the site: less than all, so it proves and never disproves. */
function bareSite(loaders: SiteLoaders): SiteIndex {
  return indexSite({
    rules: { licensedBy: "ORGANIZATION", superGroupId: null },
    goneGroups: new Set(),
    adminGroups: knownEmpty(loaders.store.clock.now()),
    nesting: { childrenOf: new Map(), gaps: new Map() },
    globalGrants: null,
    groupNames: new Map(),
  });
}

const groupsUnasked = unknowable("the groups of the account", "They were not asked for yet.");

/** Few people first: mostly the first one proves it. */
function* inSteps(people: readonly AccountId[]): Generator<readonly AccountId[]> {
  for (let start = 0, size = 5; start < people.length; start += size, size = 100) {
    yield people.slice(start, start + size);
  }
}
