import type { AccessFacts } from "../../../src/access/AccessDecision.js";
import { describeAccount } from "../../../src/access/AccountFacts.js";
import { AccessIndex } from "../../../src/access/index/AccessIndex.js";
import type { AccountPart } from "../../../src/access/index/parts.js";
import { type ResolvedAccount, resolveAccount } from "../../../src/access/ResolvedAccount.js";
import { indexSite, type SiteIndex } from "../../../src/access/SiteFacts.js";
import { indexSpace, type SpaceIndex } from "../../../src/access/SpaceFacts.js";
import { permissionIdOf } from "../../../src/confluence/datacenter/grants.js";
import type { Complete, Gap } from "../../../src/domain/Complete.js";
import type { AccountId, GroupId, SpaceId } from "../../../src/domain/ids.js";
import { gap } from "../scene.js";
import type { SiteWorld, WorldAccount, WorldGroup, WorldSpace } from "./indexWorlds.js";

/** Parts of a world that were not read to the end. */
export interface Missing {
  readonly parts: ReadonlySet<string>;
  /** What part of such a list was read before that: 0 is nothing; 1 is all that there is, though nobody knows. */
  readonly share: number;
}

export const nothingMissing: Missing = { parts: new Set(), share: 0 };

function complete<T>(items: readonly T[], gaps: readonly Gap[] = []): Complete<T> {
  return { items, gaps, asOfMs: 1_000, assumptions: [] };
}

/** A list as it was read: whole, or with a gap. */
function readOf<T>(items: readonly T[], part: string, missing: Missing): Complete<T> {
  if (!missing.parts.has(part)) return complete(items);
  return complete(items.slice(0, Math.ceil(items.length * missing.share)), [gap(part)]);
}

export function membersRead({ groupId, members, isGone }: WorldGroup, missing: Missing): Complete<AccountId> {
  return isGone ? complete([]) : readOf(members, `members of ${groupId}`, missing);
}

export function childrenRead({ groupId, children, isGone }: WorldGroup, missing: Missing): Complete<GroupId> {
  return isGone ? complete([]) : readOf(children, `children of ${groupId}`, missing);
}

export function grantsRead({ spaceId, grants }: WorldSpace, missing: Missing) {
  return readOf(grants, `grants of ${spaceId}`, missing);
}

export function accountPart(account: WorldAccount): AccountPart {
  const { accountId, kind, status, isLicensed, hasAdminRole } = account;
  return { accountId, displayName: accountId, kind, status, isLicensed, hasAdminRole, roleGaps: [], gaps: [] };
}

/** An account as it was read: with its facts; as somebody whom no list knows; or not at all. */
function accountRead(account: WorldAccount | undefined, accountId: AccountId, missing: Missing): AccountPart {
  const isListWhole = !missing.parts.has("list of accounts");
  const isMissed = missing.parts.has(`account ${accountId}`);
  if (account !== undefined && (!isMissed || missing.share === 1)) {
    const isRoleMissed = missing.parts.has(`admin role of ${accountId}`);
    return {
      ...accountPart(account),
      ...(isRoleMissed && { hasAdminRole: null, roleGaps: [gap(`admin role of ${accountId}`)] }),
      gaps: isMissed ? [gap(`account ${accountId}`)] : [],
    };
  }
  const { groups: _, ...unknown } = describeAccount(accountId, null, complete([]));
  if (account !== undefined) return { ...unknown, gaps: [gap(`account ${accountId}`)] };
  return { ...unknown, gaps: isListWhole ? [] : [gap("list of accounts"), gap(`account ${accountId}`)] };
}

/** The index of a world, built part by part, what is missing left out or given with its gap. */
export function buildIndex(world: SiteWorld, missing: Missing = nothingMissing): AccessIndex {
  const isCloud = world.kind !== "DATA_CENTER";
  const index = new AccessIndex({ rules: world.rules, hasNestedGroups: !isCloud, permissionIdOf });
  for (const space of world.spaces) putSpace(index, space, missing);
  for (const group of world.groups) putGroup(index, group, missing, isCloud);
  const known = world.accounts.map((account) => accountRead(account, account.accountId, missing));
  index.replaceAccounts(known, 1_000);
  putSite(index, world, missing);
  return index;
}

export function putSpace(index: AccessIndex, space: WorldSpace, missing: Missing): void {
  const { spaceId, status } = space;
  const isMissing = missing.parts.has(`space ${spaceId}`);
  const gaps = isMissing ? [gap(`space ${spaceId}`)] : [];
  index.replaceSpaces([
    { spaceId, key: null, name: `Space ${spaceId}`, kind: "GLOBAL", status: isMissing ? "UNKNOWN" : status, gaps },
  ]);
  index.replaceSpaceGrants(spaceId, grantsRead(space, missing));
}

export function putGroup(index: AccessIndex, group: WorldGroup, missing: Missing, isCloud: boolean): void {
  if (group.isGone) {
    index.markGroupGone(group.groupId, 1_000);
    return;
  }
  index.replaceGroups([{ groupId: group.groupId, name: group.groupId }]);
  // What was not read at all need not be told.
  if (!missing.parts.has(`members of ${group.groupId}`) || missing.share > 0)
    index.replaceGroupMembers(group.groupId, membersRead(group, missing));
  if (!isCloud && (!missing.parts.has(`children of ${group.groupId}`) || missing.share > 0))
    index.replaceGroupChildren(group.groupId, childrenRead(group, missing));
}

export function putSite(index: AccessIndex, world: SiteWorld, missing: Missing): void {
  const isCloud = world.kind !== "DATA_CENTER";
  const isModelKnown = !missing.parts.has("model");
  index.replaceRoles({
    model: isModelKnown || !isCloud ? world.model : "UNKNOWN",
    roles: readOf(world.roles, "roles", missing),
    gaps: isModelKnown || !isCloud ? [] : [gap("model")],
  });
  index.replaceGlobals(world.globals && readOf(world.globals, "globals", missing));
  index.replaceAdminGroups(isCloud ? readOf(world.adminGroups, "admin groups", missing) : complete([]));
  for (const name of ["accounts", "groups", "spaces"] as const)
    index.settleList(name, complete([], missing.parts.has(`list of ${name}`) ? [gap(`list of ${name}`)] : []));
}

/** The same world as the facts that single questions are decided by; nothing of it comes from the index. */
export class WorldFacts {
  readonly #world: SiteWorld;
  readonly #missing: Missing;
  readonly #members: ReadonlyMap<GroupId, Complete<AccountId>>;
  readonly #site: SiteIndex;
  readonly #accounts = new Map<AccountId, ResolvedAccount>();
  readonly #spaces = new Map<SpaceId, SpaceIndex>();

  constructor(world: SiteWorld, missing: Missing = nothingMissing) {
    const isCloud = world.kind !== "DATA_CENTER";
    const children = new Map(world.groups.map((group) => [group.groupId, childrenRead(group, missing)]));
    const childrenOf = new Map([...children].map(([groupId, { items }]) => [groupId, items]));
    this.#world = world;
    this.#missing = missing;
    this.#members = new Map(world.groups.map((group) => [group.groupId, membersRead(group, missing)]));
    this.#site = indexSite({
      rules: world.rules,
      goneGroups: new Set(world.groups.filter(({ isGone }) => isGone).map(({ groupId }) => groupId)),
      adminGroups: isCloud ? readOf(world.adminGroups, "admin groups", missing) : complete([]),
      nesting: { childrenOf, gaps: isCloud ? new Map() : gapped(children) },
      globalGrants: world.globals && readOf(world.globals, "globals", missing),
      groupNames: new Map(),
    });
  }

  of(accountId: AccountId, spaceId: SpaceId): AccessFacts {
    const account = this.#accounts.get(accountId) ?? this.#resolve(accountId);
    const space = this.#spaces.get(spaceId) ?? this.#indexSpace(spaceId);
    this.#accounts.set(accountId, account);
    this.#spaces.set(spaceId, space);
    return { account, space };
  }

  #resolve(accountId: AccountId): ResolvedAccount {
    const account = this.#world.accounts.find((each) => each.accountId === accountId);
    const own = [...this.#members].filter(([, { items }]) => items.includes(accountId)).map(([groupId]) => groupId);
    const whole = [...this.#members].filter(([, { gaps }]) => gaps.length === 0).map(([groupId]) => groupId);
    const groups = {
      ...complete(own, this.#missing.parts.has("list of groups") ? [gap("list of groups")] : []),
      unreadGroups: gapped(this.#members),
      wholeGroups: new Set(whole),
    };
    return resolveAccount({ ...accountRead(account, accountId, this.#missing), groups }, this.#site);
  }

  #indexSpace(spaceId: SpaceId): SpaceIndex {
    const { kind, model, roles, spaces } = this.#world;
    const space = spaces.find((each) => each.spaceId === spaceId);
    const isMissing = this.#missing.parts.has(`space ${spaceId}`);
    const isModelKnown = kind === "DATA_CENTER" || !this.#missing.parts.has("model");
    return indexSpace({
      spaceId,
      status: isMissing ? "UNKNOWN" : (space?.status ?? "UNKNOWN"),
      grants: space === undefined ? complete([]) : grantsRead(space, this.#missing),
      roles: readOf(roles, "roles", this.#missing),
      model: isModelKnown ? model : "UNKNOWN",
      gaps: [...(isMissing ? [gap(`space ${spaceId}`)] : []), ...(isModelKnown ? [] : [gap("model")])],
    });
  }
}

function gapped<T>(lists: ReadonlyMap<GroupId, Complete<T>>): Map<GroupId, readonly Gap[]> {
  return new Map([...lists].filter(([, { gaps }]) => gaps.length > 0).map(([groupId, { gaps }]) => [groupId, gaps]));
}
