import type { Complete, Gap } from "../domain/Complete.js";
import type { GlobalGrant } from "../domain/Grant.js";
import type { AccountId, GroupId } from "../domain/ids.js";
import { type AccessClassName, type AccessRules, accessClassOf } from "./accessRules.js";
import { type Membership, memberships, unknowable } from "./Membership.js";

/** Which groups are members of groups. Empty on Cloud, where groups hold accounts only. */
export interface GroupNesting {
  /** The groups that a group is a direct member of. Cycles are harmless. */
  readonly parentsOf: ReadonlyMap<GroupId, readonly GroupId[]>;
  /** The groups whose child groups were not read whole, and why. */
  readonly gaps: ReadonlyMap<GroupId, readonly Gap[]>;
}

/** What is known of a site as a whole. */
export interface SiteFacts {
  readonly rules: AccessRules;
  /** Groups that stand in no complete group list and answer 404 by id: taken to have no members (`GROUP_GONE`, rule 3). */
  readonly goneGroups: ReadonlySet<GroupId>;
  /** The groups with accessType `admin`; gaps where that could not be read whole. Empty on Data Center. */
  readonly adminGroups: Complete<GroupId>;
  readonly nesting: GroupNesting;
  /** Site-wide permissions; `null` where the site has none, or its version cannot say (Data Center before 9.3). */
  readonly globalGrants: Complete<GlobalGrant> | null;
  /** The groups' names, by which paths are ordered. A group that is not here is ordered by its id. */
  readonly groupNames: ReadonlyMap<GroupId, string>;
}

/** The facts of a site, arranged so that accounts resolve quickly. Build it with `indexSite`. */
export interface SiteIndex extends SiteFacts {
  readonly childrenOf: ReadonlyMap<GroupId, readonly GroupId[]>;
  readonly isNested: boolean;
  /** Who holds the global `use/application`; `null` where nobody can say. Classes are not here: they license nobody (rule 7). */
  readonly useHolders: UseHolders | null;
  /** Whether anonymous may use the site: `YES` where that is no question. */
  readonly anonymousUse: Membership;
  /** Whether `unlicensed` holds the global `use_unlicensed/application`. */
  readonly unlicensedUse: Membership;
}

export interface UseHolders {
  readonly accounts: ReadonlySet<AccountId>;
  readonly groups: readonly GroupId[];
  readonly gaps: readonly Gap[];
}

/** Arranges the facts of a site. Once a site and reading; every account is resolved against it. */
export function indexSite(facts: SiteFacts): SiteIndex {
  return {
    ...facts,
    childrenOf: turnRound(facts.nesting.parentsOf),
    isNested: facts.nesting.parentsOf.size > 0 || facts.nesting.gaps.size > 0,
    useHolders: findUseHolders(facts),
    anonymousUse: mayUse(facts, "anonymous-users", "use"),
    unlicensedUse: mayUse(facts, "unlicensed", "use_unlicensed"),
  };
}

function turnRound(parentsOf: ReadonlyMap<GroupId, readonly GroupId[]>): Map<GroupId, GroupId[]> {
  const childrenOf = new Map<GroupId, GroupId[]>();
  for (const [child, parents] of parentsOf) {
    for (const parent of new Set(parents)) {
      const children = childrenOf.get(parent);
      if (children === undefined) childrenOf.set(parent, [child]);
      else children.push(child);
    }
  }
  return childrenOf;
}

function findUseHolders({ rules, globalGrants }: SiteFacts): UseHolders | null {
  if (rules.licensedBy === "ORGANIZATION" || globalGrants === null) return null;
  const accounts = new Set<AccountId>();
  const groups = new Set<GroupId>();
  for (const { principal, operation } of globalGrants.items) {
    if (operation.key !== "use" || operation.target !== "application") continue;
    if (principal.kind === "account") accounts.add(principal.accountId);
    else if (principal.kind === "group") groups.add(principal.groupId);
  }
  return { accounts, groups: [...groups], gaps: globalGrants.gaps };
}

function mayUse({ rules, globalGrants }: SiteFacts, name: AccessClassName, key: string): Membership {
  if (rules.licensedBy === "ORGANIZATION") return memberships.yes;
  if (globalGrants === null) return memberships.maybe([unreadable(name, key)]);
  const isHeld = globalGrants.items.some(
    ({ principal, operation }) =>
      operation.key === key &&
      operation.target === "application" &&
      principal.kind === "accessClass" &&
      accessClassOf(principal, rules) === name,
  );
  if (isHeld) return memberships.yes;
  return globalGrants.gaps.length > 0 ? memberships.maybe(globalGrants.gaps) : memberships.no;
}

function unreadable(name: AccessClassName, key: string) {
  return unknowable(
    `whether ${name} holds the global permission ${key}/application`,
    "This version of Confluence does not tell its global permissions; it takes Data Center 9.3 or later.",
  );
}
