import { type Gap, mergeGaps } from "../domain/Complete.js";
import type { GroupId } from "../domain/ids.js";
import type { AccountFacts, GroupsReading } from "./AccountFacts.js";
import { type Belonging, belonging, kindGap, unknowable } from "./Belonging.js";
import type { AccessClassName, SiteIndex, UseHolders } from "./SiteFacts.js";

/** Whether an account may use Confluence at all, and who says so (rules 3 and 7). */
export interface Licence {
  /** `ASSUMED`: nobody can say, so it counts as licensed and the answer tells. `UNREAD`: a reading failed; see `gaps`. */
  readonly state: "LICENSED" | "NOT_NEEDED" | "ASSUMED" | "UNREAD" | "UNLICENSED";
  readonly gaps: readonly Gap[];
  /** A group that is gone holds the licence's global permission. */
  readonly hasGoneGroup: boolean;
}

/** Whether an account is licensed (rule 7), or is counted so because nobody can say (rule 3). */
export function evaluateLicence(account: AccountFacts, groups: GroupMemberships, site: SiteIndex): Licence {
  if (site.rules.licensedBy === "ORGANIZATION") return fromOrganization(account);
  return site.useHolders === null ? fromAccount(account) : fromGlobalPermissions(account, groups, site.useHolders);
}

/** Guests, apps and customers work without a Confluence licence; a human without one has only what anonymous has. */
function fromOrganization(account: AccountFacts): Licence {
  if (account.kind === "GUEST" || account.kind === "APP" || account.kind === "CUSTOMER") return stated("NOT_NEEDED");
  if (account.isLicensed === false && account.kind === "UNKNOWN") return unread([kindGap(account.accountId)]);
  return fromAccount(account);
}

function fromAccount(account: AccountFacts): Licence {
  if (account.isLicensed !== null) return stated(account.isLicensed ? "LICENSED" : "UNLICENSED");
  return account.gaps.length > 0 ? unread(account.gaps) : stated("ASSUMED");
}

function fromGlobalPermissions(account: AccountFacts, groups: GroupMemberships, holders: UseHolders): Licence {
  if (holders.accounts.has(account.accountId)) return stated("LICENSED");
  const gaps: (readonly Gap[])[] = [holders.gaps];
  let hasGoneGroup = false;
  for (const groupId of holders.groups) {
    const membership = groups.of(groupId);
    if (membership.is === "YES") return stated("LICENSED");
    if (membership.is === "MAYBE") gaps.push(membership.gaps);
    else if (membership.because === "GROUP_GONE") hasGoneGroup = true;
  }
  const merged = mergeGaps(...gaps);
  return { state: merged.length > 0 ? "UNREAD" : "UNLICENSED", gaps: merged, hasGoneGroup };
}

function stated(state: Licence["state"]): Licence {
  return { state, gaps: [], hasGoneGroup: false };
}

function unread(gaps: readonly Gap[]): Licence {
  return { state: "UNREAD", gaps, hasGoneGroup: false };
}

const noGaps: readonly Gap[] = [];

/** The groups of one account, through child groups where the site has them (rule 3). Licence and status are not its matter. */
export class GroupMemberships {
  readonly #reading: GroupsReading;
  readonly #site: SiteIndex;
  readonly #direct: ReadonlySet<GroupId>;
  readonly #depths: ReadonlyMap<GroupId, number> | null;
  /** Whether a group that it is not known to be in is surely none of its own. */
  readonly isWhole: boolean;

  constructor(reading: GroupsReading, site: SiteIndex) {
    this.#reading = reading;
    this.#site = site;
    this.#direct = setOf(reading);
    this.isWhole = reading.gaps.length === 0 && !reading.unreadGroups?.size && site.nesting.gaps.size === 0;
    this.#depths = site.isNested ? depthsFrom(this.#direct, site) : null;
  }

  /** Every group that the account is known to be in, directly or through groups in groups. */
  get known(): Iterable<GroupId> {
    return this.#depths?.keys() ?? this.#direct;
  }

  get count(): number {
    return this.#depths?.size ?? this.#direct.size;
  }

  isDirect(groupId: GroupId): boolean {
    return this.#direct.has(groupId);
  }

  /** The fewest memberships that lead to the group: 1 for a direct one, `null` where the account is not known to be in it. */
  depthOf(groupId: GroupId): number | null {
    if (this.#depths !== null) return this.#depths.get(groupId) ?? null;
    return this.#direct.has(groupId) ? 1 : null;
  }

  of(groupId: GroupId): Belonging {
    if (this.depthOf(groupId) !== null) return belonging.yes;
    if (this.#site.goneGroups.has(groupId)) return belonging.groupGone;
    if (this.isWhole) return belonging.no;
    const gaps = this.#site.isNested ? this.#gapsOnChainsTo(groupId) : this.#gapsOfDirect(groupId);
    return gaps === null ? belonging.no : belonging.maybe(gaps);
  }

  /** The gaps on chains to any group but this one that it is not known to be in; `null` if it can be in none at all. */
  gapsToAnyGroupBut(excepted: GroupId | null): readonly Gap[] | null {
    const unread = [...(this.#reading.unreadGroups?.keys() ?? [])].filter(
      (groupId) => groupId !== excepted && !this.#direct.has(groupId) && !this.#site.goneGroups.has(groupId),
    );
    const gaps = unread.flatMap((groupId) => this.#gapsOfDirect(groupId) ?? noGaps);
    const isPossible = this.#direct.size > 0 || gaps.length > 0 || this.#reading.gaps.length > 0;
    return isPossible ? mergeGaps(this.#reading.gaps, gaps) : null;
  }

  /** The gaps that hide whether the account stands in the group's own member list; `null` if it surely does not. */
  #gapsOfDirect(groupId: GroupId): readonly Gap[] | null {
    if (this.#reading.wholeGroups?.has(groupId)) return null;
    const unread = this.#reading.unreadGroups?.get(groupId);
    if (unread !== undefined) return mergeGaps(unread, this.#reading.gaps);
    return this.#reading.gaps.length > 0 ? this.#reading.gaps : null;
  }

  /** Walks from the group down to its child groups; every gap met that could put the account in closes a chain. */
  #gapsOnChainsTo(target: GroupId): readonly Gap[] | null {
    const found: (readonly Gap[])[] = [];
    const seen = new Set([target]);
    for (const groupId of seen) {
      if (this.#site.goneGroups.has(groupId)) continue;
      const direct = this.#gapsOfDirect(groupId);
      if (direct !== null) found.push(direct);
      const unreadChildren = this.#site.nesting.gaps.get(groupId);
      const toAnyChild = unreadChildren === undefined ? null : this.gapsToAnyGroupBut(groupId);
      if (unreadChildren !== undefined && toAnyChild !== null) found.push(unreadChildren, toAnyChild);
      for (const child of this.#site.nesting.childrenOf.get(groupId) ?? []) seen.add(child);
    }
    return found.length === 0 ? null : mergeGaps(...found);
  }
}

/** Of one reading once: an account is asked about in one space after the other. */
const sets = new WeakMap<GroupsReading, ReadonlySet<GroupId>>();

function setOf(reading: GroupsReading): ReadonlySet<GroupId> {
  const known = sets.get(reading) ?? new Set(reading.items);
  sets.set(reading, known);
  return known;
}

function depthsFrom(direct: ReadonlySet<GroupId>, site: SiteIndex): ReadonlyMap<GroupId, number> {
  const depths = new Map<GroupId, number>();
  for (const groupId of direct) depths.set(groupId, 1);
  // A Map visits what is added while it is walked: breadth first, each group once, so a cycle ends.
  for (const [groupId, depth] of depths) {
    for (const parent of site.parentsOf.get(groupId) ?? []) {
      if (!depths.has(parent)) depths.set(parent, depth + 1);
    }
  }
  return depths;
}

/** Whether an active account that counts as licensed, or needs no licence, belongs to an access class (rule 3). */
export function evaluateClassMembership(
  name: AccessClassName,
  classId: string,
  account: AccountFacts,
  groups: GroupMemberships,
  site: SiteIndex,
): Belonging {
  switch (name) {
    case "anonymous-users":
      return site.anonymousUse.is === "NO" ? belonging.inVain : site.anonymousUse;
    case "authenticated-users":
      return belonging.yes;
    case "all-licensed-users":
      return amongLicensed(account);
    case "all-product-admins":
      return amongAdministrators(account, groups, site);
    case "unlicensed":
      return belonging.no;
    case "OTHER":
      return belonging.maybe([
        unknowable(
          `whether account ${account.accountId} belongs to the access class ${classId}`,
          "Confluence does not tell who belongs to this access class.",
        ),
      ]);
  }
}

function amongLicensed(account: AccountFacts): Belonging {
  if (account.kind === "HUMAN") return belonging.yes;
  if (account.kind !== "UNKNOWN" || account.isLicensed === false) return belonging.no;
  // An account nobody knows is not ALLOWED anyway (rule 2), and that says it better than a gap about its kind.
  return account.status === "UNKNOWN" ? belonging.yes : belonging.maybe([kindGap(account.accountId)]);
}

function amongAdministrators(account: AccountFacts, groups: GroupMemberships, site: SiteIndex): Belonging {
  if (account.hasAdminRole === true) return belonging.yes;
  const gaps: (readonly Gap[])[] = [];
  for (const groupId of site.adminGroups.items) {
    const membership = groups.of(groupId);
    if (membership.is === "YES") return belonging.yes;
    if (membership.is === "MAYBE") gaps.push(membership.gaps);
  }
  if (account.hasAdminRole === null) gaps.push(account.gaps, account.roleGaps);
  const toUnlisted = site.adminGroups.gaps.length === 0 ? null : groups.gapsToAnyGroupBut(null);
  if (toUnlisted !== null) gaps.push(site.adminGroups.gaps, toUnlisted);
  const merged = mergeGaps(...gaps);
  return merged.length === 0 ? belonging.no : belonging.maybe(merged);
}
