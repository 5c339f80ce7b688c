import type { Complete, Gap } from "../domain/Complete.js";
import type { GlobalGrant } from "../domain/Grant.js";
import type { AccountId, GroupId } from "../domain/ids.js";
import { type Belonging, belonging, unknowable } from "./Belonging.js";

/** Where the rules of one deployment differ from another's. All else is the same everywhere. */
interface AccessRules {
  /**
   * Who says that an account is licensed. `GLOBAL_PERMISSIONS`: whoever holds `use/application`, without which an account
   * can do nothing, anonymous included (rules 3 and 7). `ORGANIZATION`: Atlassian's organization, where one is asked.
   */
  readonly licensedBy: "ORGANIZATION" | "GLOBAL_PERMISSIONS";
  /** The group whose members can do everything in every space (rule 6); `null` where there is none. */
  readonly superGroupId: GroupId | null;
}

/** The rules on Cloud: administrators can give themselves access, but do not have it until they do (rule 6). */
export const cloudAccessRules: AccessRules = { licensedBy: "ORGANIZATION", superGroupId: null };

/** The rules on Data Center, with the super group that this cluster is configured for (rules 3, 6 and 7). */
export function dataCenterAccessRules(superGroupId = "confluence-administrators" as GroupId): AccessRules {
  return { licensedBy: "GLOBAL_PERMISSIONS", superGroupId };
}

/** The access classes whose members the rules know; `OTHER` is every class whose members nobody can tell (rule 3). */
export type AccessClassName =
  | "anonymous-users"
  | "authenticated-users"
  | "all-licensed-users"
  | "all-product-admins"
  | "unlicensed"
  | "OTHER";

/** The classes whose members can be told on a site of these rules, but for what its own rows may name. */
export function knownClassesOf({
  licensedBy,
}: Pick<AccessRules, "licensedBy">): readonly Exclude<AccessClassName, "OTHER">[] {
  return licensedBy === "GLOBAL_PERMISSIONS"
    ? ["anonymous-users", "unlicensed"]
    : ["anonymous-users", "authenticated-users", "all-licensed-users", "all-product-admins"];
}

/** Which class a principal that is neither an account nor a group stands for. */
export function accessClassOf(
  principal: { readonly classId: string; readonly reportedType: string },
  rules: AccessRules,
): AccessClassName {
  // Rows may name a `role`, or a `user` who could not be looked up; whatever its id, that is no access class.
  if (["role", "user"].includes(principal.reportedType.toLowerCase())) return "OTHER";
  switch (principal.classId) {
    case "anonymous-users":
    case "authenticated-users":
    case "all-licensed-users":
    case "all-product-admins":
      return principal.classId;
    case "unlicensed":
      return rules.licensedBy === "GLOBAL_PERMISSIONS" ? "unlicensed" : "OTHER";
    default:
      return "OTHER";
  }
}

/** Which groups are members of groups. Empty on Cloud, where groups hold accounts only. */
interface GroupNesting {
  /** The groups that are direct members of a group. Cycles are harmless. */
  readonly childrenOf: ReadonlyMap<GroupId, readonly GroupId[]>;
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
  /** The groups that a group is a direct member of. */
  readonly parentsOf: ReadonlyMap<GroupId, readonly GroupId[]>;
  readonly isNested: boolean;
  /** Who holds the global `use/application`; `null` where nobody can say. Classes are not here: they license nobody (rule 7). */
  readonly useHolders: UseHolders | null;
  /** Whether anonymous may use the site: `YES` where that is no question. */
  readonly anonymousUse: Belonging;
  /** Whether `unlicensed` holds the global `use_unlicensed/application`. */
  readonly unlicensedUse: Belonging;
}

export interface UseHolders {
  readonly accounts: ReadonlySet<AccountId>;
  readonly groups: readonly GroupId[];
  readonly gaps: readonly Gap[];
}

/** Arranges the facts of a site. Once a site and reading; every account is resolved against it. */
export function indexSite(facts: SiteFacts): SiteIndex {
  const { rules, goneGroups, adminGroups, nesting, globalGrants, groupNames } = facts;
  const parentsOf = turnRound(nesting.childrenOf);
  // One shape for all: every decision looks at one of these, and there is one a space.
  return {
    rules,
    goneGroups,
    adminGroups,
    nesting,
    globalGrants,
    groupNames,
    parentsOf,
    isNested: parentsOf.size > 0 || nesting.gaps.size > 0,
    useHolders: findUseHolders(facts),
    anonymousUse: mayUse(facts, "anonymous-users", "use"),
    unlicensedUse: mayUse(facts, "unlicensed", "use_unlicensed"),
  };
}

function turnRound(childrenOf: ReadonlyMap<GroupId, readonly GroupId[]>): Map<GroupId, GroupId[]> {
  const parentsOf = new Map<GroupId, GroupId[]>();
  for (const [parent, children] of childrenOf) {
    for (const child of new Set(children)) {
      const parents = parentsOf.get(child);
      if (parents === undefined) parentsOf.set(child, [parent]);
      else parents.push(parent);
    }
  }
  return parentsOf;
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

function mayUse({ rules, globalGrants }: SiteFacts, name: AccessClassName, key: string): Belonging {
  if (rules.licensedBy === "ORGANIZATION") return belonging.yes;
  if (globalGrants === null) return belonging.maybe([unreadable(name, key)]);
  const isHeld = globalGrants.items.some(
    ({ principal, operation }) =>
      operation.key === key &&
      operation.target === "application" &&
      principal.kind === "accessClass" &&
      accessClassOf(principal, rules) === name,
  );
  if (isHeld) return belonging.yes;
  return globalGrants.gaps.length > 0 ? belonging.maybe(globalGrants.gaps) : belonging.no;
}

function unreadable(name: AccessClassName, key: string) {
  return unknowable(
    `whether ${name} holds the global permission ${key}/application`,
    "This version of Confluence does not tell its global permissions; it takes Data Center 9.3 or later.",
  );
}
