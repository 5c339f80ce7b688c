import type { AccessIndex } from "../access/index/AccessIndex.js";
import type { AccountPart } from "../access/index/parts.js";
import { type Steps, whileWanted } from "../access/index/store/slices.js";
import { othersTurn } from "../callers/Turns.js";
import type { ConfluenceSite, KnownSpaceStatus, ListedAccount } from "../confluence/port.js";
import type { Clock } from "../domain/Clock.js";
import {
  type Complete,
  type Gap,
  gapFromError,
  knownEmpty,
  mergeTrust,
  type Trust,
  unread,
} from "../domain/Complete.js";
import type { SpaceGrant, SpaceRole } from "../domain/Grant.js";
import type { AccountId, GroupId, SpaceId } from "../domain/ids.js";
import { isOfKind, notVisible, orSiteError, outcomeOf, SiteError } from "../domain/SiteError.js";
import { isPermissionLeftOut, isSpaceLeftOut, type Space } from "../domain/Space.js";
import { account } from "../loaders/accounts.js";
import { onlyOne } from "../loaders/engine/LoaderDeclaration.js";
import type { SiteStore } from "../loaders/engine/SiteStore.js";
import { organizationUser, toldLastActivity } from "../loaders/organization.js";
import { permissionModel } from "../loaders/site.js";
import type { CrawlMemory } from "./CrawlMemory.js";
import { inCrawlSlices } from "./inCrawlSlices.js";
import { forgettingUntold, partOf, spacePart, spacesBeyond, takingSpaces, untold } from "./indexParts.js";

/** Why a part was not read whole. */
export type PartFailure = SiteError | Gap;
export type PartOutcome = PartFailure | null;

/** What is asked before a part that was read is taken over. */
export interface Landing {
  /** False where a change of ours may have made untrue what was read. */
  isCurrent(): boolean;
  /** The same of an account that it tells of by the way. */
  isCurrentOf(id: AccountId): boolean;
  /** False where what is known of the part is better than a reading with this gap. */
  mayTake(gap: PartFailure): boolean;
}

interface PartReaderOptions {
  /** The site, its calls going behind all others. */
  readonly site: ConfluenceSite;
  /** What facts of accounts are put together by; it remembers next to nothing. */
  readonly crawling: SiteStore;
  /** What requests read through, for what it knows anyway. */
  readonly store: SiteStore;
  readonly index: AccessIndex;
  readonly memory: CrawlMemory;
}

const allStatuses: readonly KnownSpaceStatus[] = ["CURRENT", "ARCHIVED", "TRASHED"];

/** Reads the parts of a site into its index, one by one, each from the site itself and not through a cache. */
export class PartReader {
  readonly index: AccessIndex;
  readonly #site: ConfluenceSite;
  readonly #crawling: SiteStore;
  readonly #store: SiteStore;
  readonly #clock: Clock;
  readonly #memory: CrawlMemory;

  constructor({ site, crawling, store, index, memory }: PartReaderOptions) {
    this.index = index;
    this.#memory = memory;
    this.#site = site;
    this.#crawling = crawling;
    this.#store = store;
    this.#clock = store.clock;
  }

  /** How the site stores access, and what its roles give, where there are any. */
  async readRoles(mayTake: Landing["mayTake"]): Promise<PartOutcome> {
    if (!this.#site.roles.exist) return null;
    const model = orSiteError(await outcomeOf(this.#store.read(permissionModel, onlyOne)));
    const known = model instanceof SiteError ? null : model;
    const gaps = model instanceof SiteError ? [gapFromError("the permission model", model)] : [];
    const roles =
      known?.model === "PRE_ROLES" ? knownEmpty(this.#clock.now()) : await this.#readRoleList(known?.assumptions ?? []);
    const failure = [...gaps, ...roles.gaps][0] ?? null;
    if (failure !== null && !mayTake(failure)) return failure;
    this.#memory.model = known;
    this.index.replaceRoles({ model: known?.model ?? "UNKNOWN", roles, gaps });
    return failure;
  }

  async #readRoleList(assumptions: Trust["assumptions"]): Promise<Complete<SpaceRole>> {
    const list = orSiteError(await outcomeOf(this.#site.roles.list()));
    if (!(list instanceof SiteError)) return list;
    // A site that has no roles at all says so by not having the call.
    if (list.kind === "Unsupported" && assumptions.includes("NO_SPACE_ROLES")) return knownEmpty(this.#clock.now());
    return unread(gapFromError("role definitions", list), this.#clock.now());
  }

  /** Permissions on the site as a whole, or the groups of administrators: a site has one of the two. */
  async readSiteWide(mayTake: Landing["mayTake"]): Promise<PartOutcome> {
    const now = this.#clock.now();
    const { globalGrants, groups } = this.#site;
    if (globalGrants !== null) {
      const list = orSiteError(await outcomeOf(globalGrants()));
      const isUntold = isOfKind(list, "Unsupported");
      const read =
        list instanceof SiteError ? unread(gapFromError("permissions on the site as a whole", list), now) : list;
      const failure = isUntold ? null : (read.gaps[0] ?? null);
      if (failure === null || mayTake(failure)) this.index.replaceGlobals(isUntold ? null : read);
      return failure;
    }
    if (groups.admins === null) return null;
    const admins = orSiteError(await outcomeOf(groups.admins()));
    const read = admins instanceof SiteError ? unread(gapFromError("groups of administrators", admins), now) : admins;
    const failure = read.gaps[0] ?? null;
    if (failure === null || mayTake(failure)) this.index.replaceAdminGroups(read);
    return failure;
  }

  /** Every group; `null` where nothing of the list could be read. */
  async readGroupList(
    mayTake: Landing["mayTake"],
  ): Promise<{ readonly outcome: PartOutcome; readonly listed: ReadonlySet<GroupId> | null }> {
    const list = orSiteError(await outcomeOf(this.#site.groups.list()));
    if (list instanceof SiteError) {
      if (mayTake(list)) this.index.settleList("groups", unread(gapFromError("groups", list), this.#clock.now()));
      return { outcome: list, listed: null };
    }
    this.index.replaceGroups(list.items);
    const outcome = list.gaps[0] ?? null;
    if (outcome !== null && !mayTake(outcome)) return { outcome, listed: null };
    this.index.settleList("groups", list);
    return { outcome, listed: new Set(list.items.map(({ groupId }) => groupId)) };
  }

  /** The spaces of every status. Those that are in none of the lists any more are looked up, and forgotten where they are gone. */
  async readSpaceLists(mayTake: Landing["mayTake"]): Promise<PartOutcome> {
    const now = this.#clock.now();
    const lists = await Promise.all(allStatuses.map((status) => outcomeOf(this.#site.spaces.list(status))));
    const read = lists.map((outcome, index) => {
      const list = orSiteError(outcome);
      return list instanceof SiteError
        ? unread(gapFromError(`all spaces with status ${allStatuses[index]}`, list), now)
        : list;
    });
    const trust = mergeTrust(read, now);
    const listed = await this.inSlices(takingSpaces(this.index, read, this.#site.leftOut));
    const failure = trust.gaps[0] ?? null;
    if (failure === null) await this.#forgetSpaces(listed);
    if (failure === null || mayTake(failure)) this.index.settleList("spaces", trust);
    return failure;
  }

  async #forgetSpaces(listed: ReadonlySet<SpaceId>): Promise<void> {
    const gone = await this.inSlices(spacesBeyond(this.index, listed));
    if (gone.length === 0) return;
    const found = orSiteError(await outcomeOf(this.#site.spaces.byIds(gone)));
    if (found instanceof SiteError) return;
    for (const spaceId of gone) {
      const space: Space | SiteError | undefined = found.get(spaceId);
      if (space instanceof SiteError) continue;
      if (space === undefined || isSpaceLeftOut(space, this.#site.leftOut)) this.index.forgetSpace(spaceId);
      else this.index.replaceSpaces([spacePart(space)]);
    }
  }

  /** The accounts that one list names, with their facts where it tells them. */
  async readAccountList(isCurrent: (id: AccountId) => boolean, mayTake: Landing["mayTake"]): Promise<PartOutcome> {
    const { isListWhole, list } = this.#site.accounts;
    const startedMs = this.#clock.now();
    const taking = list((accounts) => this.#takeListed(accounts, startedMs, isCurrent));
    const read = orSiteError(await outcomeOf(taking));
    const failure = read instanceof SiteError ? read : (read.gaps[0] ?? null);
    if (failure !== null && !mayTake(failure)) return failure;
    this.#memory.isEverybodyTold = isListWhole && !(read instanceof SiteError) && read.gaps.length === 0;
    if (read instanceof SiteError) {
      const missing = isListWhole
        ? "accounts that are in no group and hold no grant of their own"
        : "accounts that only user search knows";
      this.index.settleList("accounts", unread(gapFromError(missing, read), this.#clock.now()));
      return read;
    }
    // Whom it did not tell now it does not know any more.
    if (this.#memory.isEverybodyTold) await this.inSlices(forgettingUntold(this.index, startedMs));
    this.index.settleList("accounts", read);
    return read.gaps[0] ?? null;
  }

  /** Names the accounts, and takes over the facts of those of whom a list tells them all. */
  #takeListed(accounts: readonly ListedAccount[], asOfMs: number, isCurrent: (id: AccountId) => boolean): void {
    this.index.nameAccounts(accounts.map(({ accountId }) => accountId));
    const isTold = this.#site.accounts.isListWhole;
    const parts = accounts.flatMap(({ accountId, facts }) =>
      (facts === null && !isTold) || !isCurrent(accountId) ? [] : [partOf(accountId, facts ?? untold)],
    );
    if (parts.length > 0) this.index.replaceAccounts(parts, asOfMs);
  }

  /**
   * The members of a group, and its child groups where the site nests them. One that no list holds is looked up first, for Cloud
   * lists no members of a group that does not exist: where it is not there, and the list of groups was read whole, it has none (rule 3).
   */
  async readGroup(
    groupId: GroupId,
    { isListed, isListWhole }: { readonly isListed: boolean; readonly isListWhole: boolean },
    landing: Landing,
  ): Promise<PartOutcome> {
    const { groups } = this.#site;
    if (!isListed) {
      const found = orSiteError(await outcomeOf(groups.byIds([groupId])));
      const group = found instanceof SiteError ? found : found.get(groupId);
      if (group instanceof SiteError) return group;
      if (!landing.isCurrent()) return null;
      if (group === undefined && !isListWhole) return notVisible(`members of group ${groupId}`);
      if (group === undefined) {
        this.index.markGroupGone(groupId, this.#clock.now());
        return null;
      }
      this.index.replaceGroups([group]);
    }
    const [members, children] = await Promise.all([
      this.#only(groupId, groups.membersOf([groupId]), `members of group ${groupId}`),
      groups.childrenOf === null
        ? null
        : this.#only(groupId, groups.childrenOf([groupId]), `groups in group ${groupId}`),
    ]);
    const [gap] = [...members.gaps, ...(children?.gaps ?? [])];
    if (!landing.isCurrent()) return null;
    if (gap !== undefined && !landing.mayTake(gap)) return gap;
    if (children !== null)
      this.index.replaceGroupChildren(groupId, { ...children, items: children.items.map((child) => child.groupId) });
    // Of whom one list told everything nothing more is learnt here.
    if (!this.#memory.isEverybodyTold && members.items.some(({ facts }) => facts !== null))
      this.#takeListed(members.items, members.asOfMs, landing.isCurrentOf);
    const { leavesOutSuspended } = groups;
    const assumptions =
      leavesOutSuspended && this.#site.organization === null
        ? [...members.assumptions, "SUSPENDED_MEMBERS_HIDDEN" as const]
        : members.assumptions;
    const items = members.items.map(({ accountId }) => accountId);
    const taking = this.index.replacingGroupMembers(groupId, { ...members, items, assumptions });
    return (await this.#land(taking, landing)) ? (gap ?? null) : null;
  }

  /** What a space grants. */
  async readSpace(spaceId: SpaceId, landing: Landing): Promise<PartOutcome> {
    const known = this.#memory.model;
    const { leftOut, spaces } = this.#site;
    const asked = spaces.grantsOf([spaceId], known?.model ?? "UNKNOWN", this.#clock.now());
    const grants = await this.#only(spaceId, asked, `what space ${spaceId} grants`);
    const [gap] = grants.gaps;
    if (!landing.isCurrent()) return null;
    if (gap !== undefined && !landing.mayTake(gap)) return gap;
    const items = grants.items.filter(
      (grant: SpaceGrant) => grant.kind === "role" || !isPermissionLeftOut(grant.operation, leftOut),
    );
    const { gaps, asOfMs, assumptions } = mergeTrust(
      [grants, { gaps: [], asOfMs: grants.asOfMs, assumptions: known?.assumptions ?? [] }],
      grants.asOfMs,
    );
    const taking = this.index.replacingSpaceGrants(spaceId, { items, gaps, asOfMs, assumptions });
    return (await this.#land(taking, landing)) ? (gap ?? null) : null;
  }

  /** The facts of some accounts; one that the site does not know is nobody that a list knows (rule 2). */
  async readAccounts(
    accountIds: readonly AccountId[],
    isCurrent: (id: AccountId) => boolean,
    mayTake: Landing["mayTake"],
  ): Promise<PartOutcome> {
    // Batches are begun side by side, and land so: each in a turn of its own.
    await othersTurn();
    const asOfMs = this.#clock.now();
    // First what the organization knows of all of them, in whole batches of its own size.
    const { organization } = this.#site;
    const users = organization === null ? [] : await this.#crawling.of(organizationUser).readMany(accountIds, asOfMs);
    const active = organization === null ? [] : await toldLastActivity(organization, users);
    const facts = await this.#crawling.of(account).readMany(accountIds, asOfMs);
    await othersTurn();
    let failure: SiteError | null = null;
    const parts = accountIds.flatMap((accountId, index): AccountPart[] => {
      const known = orSiteError(facts[index] ?? null);
      if (known instanceof SiteError) failure = known;
      return isCurrent(accountId) ? [partOf(accountId, known)] : [];
    });
    if (failure === null || mayTake(failure)) this.index.replaceAccounts(parts, asOfMs);
    for (const { accountId, atMs } of active) if (isCurrent(accountId)) this.index.replaceLastActivity(accountId, atMs);
    return failure;
  }

  /** Whom the organization suspended: member lists leave them out, and they keep their memberships. */
  async readSuspended(): Promise<Complete<AccountId> | SiteError> {
    const { organization, groups } = this.#site;
    if (organization === null || !groups.leavesOutSuspended) return knownEmpty(this.#clock.now());
    const people = orSiteError(await outcomeOf(organization.suspendedUsers()));
    if (people instanceof SiteError) return people;
    return { ...people, items: people.items.map(({ accountId }) => accountId) };
  }

  /** The groups of a suspended person, by their own chain of pages. */
  async readHidden(accountId: AccountId, isCurrent: () => boolean): Promise<PartOutcome> {
    const found = orSiteError(await outcomeOf(this.#site.groups.ofAccounts([accountId])));
    const groups = found instanceof SiteError ? found : found.get(accountId);
    if (groups === undefined || isOfKind(groups, "NotVisible")) {
      const known = orSiteError(await outcomeOf(this.#site.accounts.byIds([accountId])));
      const facts = known instanceof SiteError ? known : known.get(accountId);
      if (facts instanceof SiteError) return facts;
      // The organization has people of other sites too. Who is known here keeps memberships that could not be seen.
      return facts === undefined ? null : (groups ?? notVisible(`groups of account ${accountId}`));
    }
    if (groups instanceof SiteError) return groups;
    if (!isCurrent()) return null;
    this.index.replaceHiddenMemberships(
      accountId,
      groups.items.map(({ groupId }) => groupId),
    );
    return groups.gaps[0] ?? null;
  }

  /** Gives back what was kept free for growth. */
  compact(): Promise<void> {
    return this.inSlices(this.index.compacting());
  }

  /** The one thing that was asked for; absent is not empty. */
  async #only<K, T>(
    key: K,
    asked: Promise<ReadonlyMap<K, Complete<T> | SiteError>>,
    missing: string,
  ): Promise<Complete<T>> {
    const found = orSiteError(await outcomeOf(asked));
    const list = found instanceof SiteError ? found : (found.get(key) ?? notVisible(missing));
    return list instanceof SiteError ? unread(gapFromError(missing, list), this.#clock.now()) : list;
  }

  /** Takes over what was read, unless a change makes it untrue meanwhile: two must not work at one part. */
  #land(taking: Steps, landing: Landing): Promise<boolean> {
    return inCrawlSlices(whileWanted(taking, () => landing.isCurrent()));
  }

  /** Works through the index, and lets others run in between. */
  inSlices<T>(steps: Steps<T>): Promise<T> {
    return inCrawlSlices(steps);
  }
}
