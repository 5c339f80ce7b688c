import type { Complete, Gap, Trust } from "../../domain/Complete.js";
import type { SpaceGrant } from "../../domain/Grant.js";
import type { AccountId, GroupId, SpaceId } from "../../domain/ids.js";
import type { Operation } from "../../domain/Operation.js";
import type { Principal } from "../../domain/Principal.js";
import type { AccessDecision, AccessFacts, Decision } from "../AccessDecision.js";
import { evaluateAccess } from "../evaluateAccess.js";
import type { ResolvedAccount } from "../ResolvedAccount.js";
import { AccountSets } from "./AccountSets.js";
import type { EffectivePage, OrderedPageWanted, PageWanted, WhatCanWanted, WhoCanWanted } from "./answers.js";
import type { ChangedParts } from "./copies/ChangedParts.js";
import { PartCopies } from "./copies/PartCopies.js";
import { type HeldOperations, Inspector } from "./Inspector.js";
import { Inventory } from "./Inventory.js";
import { findHoldings, type Holder, type HoldingPage, tellHolders } from "./listing/holders.js";
import {
  type ClassBelonging,
  findClasses,
  findMembers,
  type MemberPage,
  type MembersWanted,
} from "./listing/members.js";
import type {
  AccountPart,
  AccountSortKey,
  GlobalPart,
  GrantPart,
  GroupPart,
  IndexOptions,
  RolePart,
  SpacePart,
  SpaceSortKey,
} from "./parts.js";
import { type Outage, SiteTables } from "./SiteTables.js";
import { atOnce, type Steps } from "./store/slices.js";
import { FactsTeller } from "./tellFacts.js";
import { WhatCan } from "./WhatCan.js";
import { WhoCan } from "./WhoCan.js";

/** The lists that tell what there is. Until one is settled, what it may hold beyond what is known is a gap. */
export type ListName = "accounts" | "groups" | "spaces";

/** What the index holds, as numbers, for what looks through the whole site. Sets hold until the next change. */
export interface SiteView {
  readonly tables: SiteTables;
  readonly sets: AccountSets;
  readonly whoCan: WhoCan;
}

/**
 * Who can do what on one site, turned round: built part by part as a crawl comes by them, asked at any time, and changed in
 * place, by our own changes or by a refresh of one part. What was not read yet, or not to the end, is a gap: ALLOWED is what
 * holds whatever the gaps hide, DENIED what would not hold if all they hid were in the account's favour, and all else is
 * UNKNOWN (rule 1). Pure; it reads nothing by itself.
 */
export class AccessIndex {
  /** What it holds and how old that is. */
  readonly inventory: Inventory;
  /** Its parts as plain data, for other processes. */
  readonly copies: PartCopies;
  readonly #tables: SiteTables;
  readonly #accountSets: AccountSets;
  readonly #inspector: Inspector;
  readonly #whoCan: WhoCan;
  readonly #whatCan: WhatCan;
  readonly #facts: FactsTeller;

  /** @param changed is told of every part that is changed, where somebody copies them */
  constructor(options: IndexOptions, changed?: ChangedParts) {
    this.#tables = new SiteTables(options, changed);
    this.inventory = new Inventory(this.#tables);
    this.copies = new PartCopies(this.#tables);
    this.#accountSets = new AccountSets(this.#tables);
    this.#inspector = new Inspector(this.#tables, this.#accountSets);
    this.#whoCan = new WhoCan(this.#tables, this.#accountSets, this.#inspector);
    this.#whatCan = new WhatCan(this.#tables, this.#accountSets, this.#inspector);
    this.#facts = new FactsTeller(this.#tables);
  }

  // What was read, part by part.

  /** Takes over what some accounts are: a page of a list, or one that changed. */
  replaceAccounts(parts: Iterable<AccountPart>, asOfMs: number): void {
    for (const part of parts) this.#tables.accounts.replace(part, asOfMs);
    this.#tables.touch();
  }

  /** When an account was last used; `null` where nobody tells. Until told it is not known. */
  replaceLastActivity(accountId: AccountId, atMs: number | null): void {
    const { accounts } = this.#tables;
    if (accounts.noteLastActivity(accounts.ids.intern(accountId), atMs)) this.#tables.touch();
  }

  /** When an account was last used, as far as it was told; `null` where it is not known. */
  lastActivityOf(accountId: AccountId): number | null {
    const { accounts } = this.#tables;
    return accounts.lastActiveMsOf(accounts.ids.find(accountId));
  }

  /** Accounts that a list names and whose facts are still to be read. */
  nameAccounts(accountIds: Iterable<AccountId>): void {
    for (const accountId of accountIds) this.#tables.accounts.name(accountId);
    this.#tables.touch();
  }

  /** An account that no list knows any more: its status is not known; what names it stays. */
  forgetAccount(accountId: AccountId): void {
    this.#tables.accounts.forget(this.#tables.accounts.ids.find(accountId));
    this.#tables.touch();
  }

  replaceGroups(parts: Iterable<GroupPart>): void {
    for (const part of parts) this.#tables.groups.describe(part);
  }

  /** Who is a direct member of a group; with gaps, those of whom it is known. */
  replaceGroupMembers(groupId: GroupId, members: Complete<AccountId>): void {
    atOnce(this.replacingGroupMembers(groupId, members));
  }

  /** The same in steps of some milliseconds, for groups of very many. One at a time of one group. */
  replacingGroupMembers(groupId: GroupId, members: Complete<AccountId>): Steps {
    return this.#tables.groups.replaceMembers(groupId, members);
  }

  /** One membership, as it is after a change of ours. */
  putMembership(groupId: GroupId, accountId: AccountId, isMember: boolean): void {
    this.#tables.groups.put(groupId, this.#tables.accounts.ids.intern(accountId), isMember);
  }

  /** The members of a group may have changed: who was not one may be, and until they are read again nobody knows. */
  doubtGroupMembers(groupId: GroupId, gap: Gap): void {
    this.#tables.groups.doubt(groupId, gap);
  }

  /** The groups of an account that member lists do not show (Cloud leaves suspended people out); they count beside the lists. */
  replaceHiddenMemberships(accountId: AccountId, groupIds: readonly GroupId[]): void {
    this.#tables.groups.replaceHidden(this.#tables.accounts.ids.intern(accountId), groupIds);
  }

  /** Member lists show the account again: they are to be read, and until then its memberships stay. */
  forgetHidden(accountId: AccountId): void {
    this.#tables.groups.forgetHidden(this.#tables.accounts.ids.find(accountId));
  }

  /** Why more people may be in groups than are known, whom no member list shows. They can do nothing anywhere. */
  doubtHidden(gaps: readonly Gap[]): void {
    this.#tables.groups.doubtHidden(gaps);
  }

  /** The child groups of a group (Data Center). */
  replaceGroupChildren(groupId: GroupId, children: Complete<GroupId>): void {
    this.#tables.groups.replaceChildren(groupId, children);
  }

  /** A group that stands in no list and cannot be found, or that was deleted: it has no members (rule 3). */
  markGroupGone(groupId: GroupId, asOfMs: number): void {
    this.#tables.groups.markGone(groupId, asOfMs);
  }

  replaceSpaces(parts: Iterable<SpacePart>): void {
    for (const part of parts) this.#tables.spaces.describe(part);
  }

  /** Everything that a space grants; with gaps, what of it is known. */
  replaceSpaceGrants(spaceId: SpaceId, grants: GrantPart): void {
    atOnce(this.replacingSpaceGrants(spaceId, grants));
  }

  /** The same in steps of some milliseconds, for spaces with very many grants. */
  replacingSpaceGrants(spaceId: SpaceId, grants: GrantPart): Steps {
    return this.#tables.spaces.replaceGrants(spaceId, grants);
  }

  /** What a principal that is gone was granted there may have gone with it, until the space is read again. */
  doubtRow(spaceId: SpaceId, principal: Principal, gap: Gap): void {
    const holder = this.#tables.holders.findCode(principal);
    if (holder >= 0) this.#tables.spaces.doubtRow(this.#tables.spaces.ids.find(spaceId), holder, gap);
  }

  forgetSpace(spaceId: SpaceId): void {
    this.#tables.spaces.forget(this.#tables.spaces.ids.find(spaceId));
  }

  /** How the site stores access, and what its roles give. */
  replaceRoles(part: RolePart): void {
    this.#tables.roles = part;
    this.#tables.sets.describeRoles(part.model, part.roles.items);
    this.#tables.touchSite();
  }

  /** The permissions on the site as a whole (Data Center); `null` where its version does not tell them. */
  replaceGlobals(part: GlobalPart): void {
    this.#tables.globals = part;
    for (const { principal } of part?.items ?? []) this.#tables.holders.codeOf(principal);
    this.#tables.touchSite();
  }

  /** The groups of administrators (Cloud). */
  replaceAdminGroups(part: Complete<GroupId>): void {
    this.#tables.adminGroups = part;
    for (const groupId of part.items) this.#tables.groups.intern(groupId);
    this.#tables.touchSite();
  }

  /** A list may hold more than it told, until the doubt is over (`null`) or it is read again. */
  doubtList(name: ListName, gap: Gap | null): void {
    this.#tables[name].list.doubt(gap);
    this.#tables.groups.nesting.forget();
    this.#tables.touchSite();
  }

  /** Tells that a list was read, to its end or up to a gap. */
  settleList(name: ListName, trust: Trust): void {
    this.#tables[name].list.settle(trust);
    this.#tables.groups.nesting.forget();
    this.#tables.touchSite();
  }

  // Questions.

  check(accountId: AccountId, spaceId: SpaceId, operation: Operation): Decision {
    this.#accountSets.refresh();
    const { accounts, sets, spaces } = this.#tables;
    return this.#inspector.decide(
      accounts.ids.find(accountId),
      spaces.ids.find(spaceId),
      sets.findOperation(operation),
    );
  }

  /** Everything that an account can do in a space, or may be able to. */
  operationsOf(accountId: AccountId, spaceId: SpaceId): HeldOperations {
    this.#accountSets.refresh();
    return this.#inspector.list(this.#tables.accounts.ids.find(accountId), this.#tables.spaces.ids.find(spaceId));
  }

  /** The decision with everything it rests on, by the rules that decide single questions. */
  explain(accountId: AccountId, spaceId: SpaceId, operation: Operation): AccessDecision {
    return evaluateAccess(this.factsOf(accountId, spaceId), operation);
  }

  /** What the index holds of an account and a space, for `evaluateAccess` and its kin. */
  factsOf(accountId: AccountId, spaceId: SpaceId): AccessFacts {
    return this.#facts.factsOf(accountId, spaceId);
  }

  /** The account against the rules of the site, with its groups and classes. */
  accountOf(accountId: AccountId): ResolvedAccount {
    return this.#facts.resolve(accountId);
  }

  /** What a space grants, as it is stored. */
  grantsOf(spaceId: SpaceId): Complete<SpaceGrant> {
    const { grants } = this.#facts.spaceFacts(spaceId);
    const doubted = this.#tables.spaces.rowGapsOf(this.#tables.spaces.ids.find(spaceId));
    return doubted.length === 0 ? grants : { ...grants, gaps: [...grants.gaps, ...doubted] };
  }

  whoCan(spaceId: SpaceId, wanted: WhoCanWanted, page: OrderedPageWanted<AccountSortKey>): EffectivePage {
    this.#accountSets.refresh();
    return this.#whoCan.find(spaceId, wanted, page);
  }

  whatCan(accountId: AccountId, wanted: WhatCanWanted, page: OrderedPageWanted<SpaceSortKey>): EffectivePage {
    this.#accountSets.refresh();
    return this.#whatCan.find(accountId, wanted, page);
  }

  /** Where any of some accounts can read, or may be able to: a bit a space. */
  readableBy(accountIds: readonly AccountId[]): Uint32Array {
    this.#accountSets.refresh();
    return this.#whatCan.readableBy(accountIds);
  }

  /** Puts accounts, or spaces, in the order of their names, in steps: otherwise the first page in that order does it in one. */
  ordering(of: "accounts" | "spaces", by: AccountSortKey | SpaceSortKey): Steps {
    return this.#tables[of].ordering(by);
  }

  /** Whom the space grants anything directly, a row a principal. */
  holders(spaceId: SpaceId): Complete<Holder> {
    return tellHolders(this.#tables, this.#tables.spaces.ids.find(spaceId));
  }

  /** Where a principal itself is granted anything, with the stored grants. */
  holdingsOf(principal: Principal, page: PageWanted<SpaceId>): HoldingPage {
    return findHoldings(this.#tables, principal, page);
  }

  /** Who belongs to a group, child groups included, or to an access class. */
  membersOf(principal: Exclude<Principal, { readonly kind: "account" }>, page: MembersWanted): MemberPage {
    return findMembers(this.#tables, this.#accountSets.refresh(), principal, page);
  }

  /** The access classes that an account belongs to, or may belong to, of those that hold anything. */
  classesOf(accountId: AccountId): ClassBelonging[] {
    return findClasses(this.#tables, this.#accountSets.refresh(), this.#tables.accounts.ids.find(accountId));
  }

  /** For what asks about everything at once, in steps; to be taken anew in each. */
  view(): SiteView {
    return { tables: this.#tables, sets: this.#accountSets.refresh(), whoCan: this.#whoCan };
  }

  // The index itself.

  /** Every operation that a grant or a role names. */
  get operations(): readonly Operation[] {
    return this.#tables.sets.operations;
  }

  /** Rises with every change. */
  get generation(): number {
    return this.#tables.generation;
  }

  /** When the oldest of its parts was read; infinite while there is none. */
  get asOfMs(): number {
    return this.#tables.oldestMs;
  }

  /** What it makes of old parts that the site gives no answers now; `null` where it does. */
  set outage(outage: Outage | null) {
    this.#tables.outage = outage;
  }

  /** Whether the site gives no answers now: as parts grow old, it is told of what nothing happened to. */
  get isOut(): boolean {
    return this.#tables.isOut;
  }

  /** Bytes that it takes, texts estimated. */
  get bytes(): number {
    return this.#tables.bytes;
  }

  /** Gives back what was kept free for growth: after a crawl. */
  *compacting(): Steps {
    yield* this.#tables.groups.memberships.compact();
    yield* this.#tables.spaces.compact();
  }
}
