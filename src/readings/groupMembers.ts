import {
  type Complete,
  errorFromGap,
  type Gap,
  gapFromError,
  knownEmpty,
  mergeTrust,
  type Trust,
  unread,
} from "../domain/Complete.js";
import type { AccountId, GroupId } from "../domain/ids.js";
import { isOfKind, orSiteError, outcomeOf, SiteError } from "../domain/SiteError.js";
import { compareText } from "../domain/textOrder.js";
import { account } from "../loaders/accounts.js";
import { onlyOne } from "../loaders/engine/LoaderDeclaration.js";
import { SiteLoaders } from "../loaders/engine/SiteLoaders.js";
import type { SiteStore } from "../loaders/engine/SiteStore.js";
import { groupChildren } from "../loaders/groups.js";
import { groupMembers, memberOf } from "../loaders/memberships.js";
import { suspendedPeople } from "../loaders/organization.js";
import { ReadingParts } from "./ReadingParts.js";

/** People whom lists of members leave out because their organization suspended or deactivated them. */
export interface HiddenMembers {
  readonly accountIds: readonly AccountId[];
  readonly byGroup: ReadonlyMap<GroupId, readonly AccountId[]>;
  /** How far the above can be trusted, for every list of members that is completed by it. */
  readonly trust: Trust;
}

/**
 * The direct members of groups, ordered by account id: as the site lists them, completed by those whom it leaves out. `null`
 * for a group that is not there, and an `Error` for one that could not be read, each by itself.
 */
export async function readGroupMembers(
  loaders: SiteLoaders,
  groupIds: readonly GroupId[],
): Promise<(Complete<AccountId> | null | Error)[]> {
  if (groupIds.length === 0) return [];
  const [lists, hidden] = await Promise.all([loaders.of(groupMembers).getMany(groupIds), readHiddenMembers(loaders)]);
  return groupIds.map((groupId, index) => {
    const list = lists[index] ?? null;
    return list === null || list instanceof Error ? list : completed(list, hidden, groupId, loaders.store.clock.now());
  });
}

function completed(
  list: Complete<AccountId>,
  hidden: HiddenMembers,
  groupId: GroupId,
  nowMs: number,
): Complete<AccountId> {
  return { items: membersWith(list.items, hidden, groupId), ...mergeTrust([list, hidden.trust], nowMs) };
}

/** The members that a list names and those whom it leaves out; the very list where it leaves out nobody. */
export function membersWith(
  listed: readonly AccountId[],
  { byGroup }: HiddenMembers,
  groupId: GroupId,
): readonly AccountId[] {
  const left = byGroup.get(groupId);
  return left === undefined ? listed : [...new Set([...listed, ...left])].sort(compareText);
}

/**
 * Whom the organization suspended and the site knows: accounts of it as well, in a group or not. Without an organization
 * nobody can say, and that is an assumption.
 */
export async function readHiddenAccounts(loaders: SiteLoaders): Promise<Complete<AccountId>> {
  const { accountIds, trust } = await readHiddenMembers(loaders);
  const facts = await loaders.of(account).getMany(accountIds);
  const failure = facts.find((outcome): outcome is SiteError => outcome instanceof SiteError);
  return {
    ...trust,
    items: accountIds.filter((_id, index) => facts[index] !== null && !(facts[index] instanceof Error)),
    gaps: failure === undefined ? trust.gaps : [...trust.gaps, gapFromError("suspended accounts of the site", failure)],
  };
}

/** Read once a request, and only where the site leaves anybody out: two searches, and one `memberof` a person. */
export function readHiddenMembers(loaders: SiteLoaders): Promise<HiddenMembers> {
  return loaders.once("hiddenMembers", async (): Promise<HiddenMembers> => {
    const { site, clock } = loaders.store;
    const none: HiddenMembers = { accountIds: [], byGroup: new Map(), trust: knownEmpty(clock.now()) };
    if (!site.groups.leavesOutSuspended) return none;
    if (site.organization === null) {
      return { ...none, trust: { ...none.trust, assumptions: ["SUSPENDED_MEMBERS_HIDDEN"] } };
    }
    const people = orSiteError(await outcomeOf(loaders.of(suspendedPeople).get(onlyOne)));
    if (people instanceof SiteError) return { ...none, trust: unread(gapFromError(leftOut, people), clock.now()) };
    return people === null ? none : readMembershipsOf(loaders, people);
  });
}

const leftOut = "suspended people, whom lists of members leave out";

async function readMembershipsOf(loaders: SiteLoaders, people: Complete<AccountId>): Promise<HiddenMembers> {
  const byGroup = new Map<GroupId, AccountId[]>();
  const trusts: Trust[] = [people];
  const notSeen: AccountId[] = [];
  const failures: SiteError[] = [];
  const lists = await loaders.of(memberOf).getMany(people.items);
  people.items.forEach((accountId, index) => {
    const groups = orSiteError(lists[index] ?? null);
    if (groups === null || isOfKind(groups, "NotVisible")) notSeen.push(accountId);
    else if (groups instanceof SiteError) failures.push(groups);
    else {
      trusts.push(groups);
      for (const groupId of groups.items) {
        const members = byGroup.get(groupId);
        if (members === undefined) byGroup.set(groupId, [accountId]);
        else members.push(accountId);
      }
    }
  });
  const gaps = [...(await gapsOfNotSeen(loaders, notSeen)), ...gapsOfFailures(failures)];
  return {
    accountIds: people.items,
    byGroup,
    trust: mergeTrust([...trusts, ...gaps.map((gap) => unread(gap, people.asOfMs))], people.asOfMs),
  };
}

/** The organization has people of other sites too. Who is known here keeps memberships that could not be seen. */
async function gapsOfNotSeen(loaders: SiteLoaders, accountIds: readonly AccountId[]): Promise<readonly Gap[]> {
  const facts = await loaders.of(account).getMany(accountIds);
  const known = accountIds.filter((_id, index) => facts[index] !== null);
  if (known.length === 0) return [];
  const call = "GET /wiki/rest/api/user/memberof";
  return [
    {
      missing: `groups of ${known.length} suspended people, whom lists of members leave out`,
      kind: "NotVisible",
      reason: `${call} does not find accounts that the site knows: they are missing there, or hidden from this credential.`,
      call,
      retryAfterMs: null,
    },
  ];
}

function gapsOfFailures(failures: readonly SiteError[]): readonly Gap[] {
  const [first] = failures;
  if (first === undefined) return [];
  return [gapFromError(`groups of ${failures.length} suspended people, whom lists of members leave out`, first)];
}

/** The groups below some groups: the groups met, the ones it began with included. */
export interface NestedGroups extends Complete<GroupId> {
  /** The direct child groups of each group met, in order of id. */
  readonly childrenOf: ReadonlyMap<GroupId, readonly GroupId[]>;
  /** The groups whose child groups were not read whole, and why. */
  readonly gapsOf: ReadonlyMap<GroupId, readonly Gap[]>;
}

/**
 * Walks from groups down to their child groups, a level at a time, each group once: a cycle ends. One batch a level; no call
 * where the site does not nest groups.
 */
export async function readNestedGroups(loaders: SiteLoaders, roots: readonly GroupId[]): Promise<NestedGroups> {
  const childrenOf = new Map<GroupId, readonly GroupId[]>();
  const gapsOf = new Map<GroupId, readonly Gap[]>();
  const all = new ReadingParts(loaders.store.clock.now());
  const isNesting = loaders.store.site.groups.childrenOf !== null;
  for (let level = isNesting ? [...new Set(roots)] : []; level.length > 0; ) {
    const lists = await loaders.of(groupChildren).getMany(level);
    const below = new Set<GroupId>();
    level.forEach((groupId, index) => {
      const part = new ReadingParts(loaders.store.clock.now());
      const children = part.take(`groups in group ${groupId}`, lists[index]);
      all.restOn(part.trust);
      if (part.trust.gaps.length > 0) gapsOf.set(groupId, part.trust.gaps);
      childrenOf.set(groupId, children);
      for (const child of children) below.add(child);
    });
    level = [...below].filter((groupId) => !childrenOf.has(groupId));
  }
  return { ...all.finish([...childrenOf.keys()]), childrenOf, gapsOf };
}

/** A member of a group, by itself or through child groups. */
export interface NestedMember {
  readonly accountId: AccountId;
  /** From the group that holds the account directly up to the group asked for; that one alone for a direct member. */
  readonly path: readonly GroupId[];
}

/**
 * Everyone whom a group reaches, ordered by account id, each with the shortest chain of groups that brings them in (of
 * equally short ones the first by group ids). Rejects when nothing of it could be read.
 */
export async function readNestedMembers(loaders: SiteLoaders, root: GroupId): Promise<Complete<NestedMember>> {
  const nested = await readNestedGroups(loaders, [root]);
  const paths = shortestPaths(root, nested.childrenOf);
  const lists = await readGroupMembers(loaders, [...paths.keys()]);
  const parts = new ReadingParts(loaders.store.clock.now());
  const first = new Map<AccountId, NestedMember>();
  for (const [index, [groupId, path]] of [...paths].entries()) {
    for (const accountId of parts.take(`members of group ${groupId}`, lists[index])) {
      if (!first.has(accountId)) first.set(accountId, { accountId, path });
    }
  }
  const members = [...first.values()].sort((left, right) => compareText(left.accountId, right.accountId));
  // What could not be read of the groups below is no reason to reject; that no list of members was, is one.
  const read = parts.finish(members);
  parts.restOn(nested);
  return { ...read, ...parts.trust };
}

/** Breadth first, so that the first path found to a group is the shortest; a Map visits what is added while it is walked. */
function shortestPaths(
  root: GroupId,
  childrenOf: ReadonlyMap<GroupId, readonly GroupId[]>,
): Map<GroupId, readonly GroupId[]> {
  const paths = new Map<GroupId, readonly GroupId[]>([[root, [root]]]);
  for (const [groupId, path] of paths) {
    for (const child of childrenOf.get(groupId) ?? []) {
      if (!paths.has(child)) paths.set(child, [child, ...path]);
    }
  }
  return paths;
}

/**
 * Of whom a group lists, those whose own membership the list does not tell: they are in a group below it as well, and some
 * directories list such people too. Nobody where the lists prove that this directory does not, and nobody of a group without
 * child groups, by what is remembered of those; otherwise read past every cache. Rejects with the failure of any part.
 */
export async function readUndecidedMembers(
  store: SiteStore,
  groupId: GroupId,
  listed: ReadonlySet<AccountId>,
): Promise<ReadonlySet<AccountId>> {
  if (store.site.groups.childrenOf === null) return nobody;
  const children = await store.read(groupChildren, groupId);
  if (children === null || (children.items.length === 0 && children.gaps.length === 0)) return nobody;
  const loaders = new SiteLoaders(store, store.clock.now());
  const { childrenOf, gaps } = await readNestedGroups(loaders, [groupId]);
  requireWhole(groupId, gaps);
  const members = new Map([[groupId, listed]]);
  const below = [...childrenOf.keys()].filter((id) => id !== groupId);
  const lists = await loaders.of(groupMembers).getMany(below);
  below.forEach((id, index) => {
    const list = lists[index] ?? null;
    if (list instanceof Error) throw list;
    if (list === null) return;
    requireWhole(groupId, list.gaps);
    members.set(id, new Set(list.items));
  });
  for (const [parentId, childIds] of childrenOf) {
    const parent = members.get(parentId);
    // A list that followed child groups would name everyone whom theirs name.
    const isExact = parent && childIds.some((childId) => holdsOthers(members.get(childId) ?? nobody, parent));
    if (isExact) return nobody;
  }
  return new Set(below.flatMap((id) => [...(members.get(id) ?? nobody)]));
}

function requireWhole(groupId: GroupId, [gap]: readonly Gap[]): void {
  if (gap === undefined) return;
  const message = `Who is in the groups below group ${groupId} is not known. ${gap.reason}`;
  throw errorFromGap(gap, message);
}

function holdsOthers(child: ReadonlySet<AccountId>, parent: ReadonlySet<AccountId>): boolean {
  for (const accountId of child) if (!parent.has(accountId)) return true;
  return false;
}

const nobody: ReadonlySet<AccountId> = new Set();
