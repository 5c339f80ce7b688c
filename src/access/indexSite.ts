import type { AccountId, GroupId } from "../domain/ids.js";
import type { AccessClassName } from "./AccessClassName.js";
import { accessClassOf } from "./accessClassOf.js";
import type { Membership } from "./Membership.js";
import { memberships } from "./memberships.js";
import type { SiteFacts } from "./SiteFacts.js";
import type { SiteIndex, UseHolders } from "./SiteIndex.js";
import { unknowable } from "./unknowable.js";

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
