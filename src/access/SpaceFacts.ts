import type { Assumption, Complete, Gap } from "../domain/Complete.js";
import type { SpaceGrant, SpaceRole } from "../domain/Grant.js";
import type { AccountId, GroupId, RoleId, SpaceId } from "../domain/ids.js";
import type { Operation } from "../domain/Operation.js";
import { type Principal, principalKey } from "../domain/Principal.js";
import type { PermissionModel } from "../domain/Site.js";
import type { SpaceStatus } from "../domain/Space.js";
import { compareText } from "../domain/textOrder.js";
import { unknowable } from "./Belonging.js";

/** What is known of a space. */
export interface SpaceFacts {
  readonly spaceId: SpaceId;
  readonly status: SpaceStatus;
  /** Everything the space grants. A reading that failed is an empty list with its gap. */
  readonly grants: Complete<SpaceGrant>;
  /** The site's role definitions. A reading that failed is an empty list with its gap; Data Center has none. */
  readonly roles: Complete<SpaceRole>;
  /** Role assignments count unless it is `PRE_ROLES`; while it is `UNKNOWN`, nobody knows (rule 4). */
  readonly model: PermissionModel;
  /** Why the status or the model is `UNKNOWN`, where reading it failed. */
  readonly gaps: readonly Gap[];
}

/** A grant of the space; equal rows are one grant (rule 8), and a revocation has to take them all. */
export interface HeldGrant {
  readonly grant: SpaceGrant;
  /** Every stored row of it, the grant itself first. */
  readonly rows: readonly SpaceGrant[];
  /** Why it is not known that it gives the operation; none for a grant that gives it. */
  readonly gaps: readonly Gap[];
}

/** What one principal holds. */
export interface PrincipalGrants {
  readonly principal: Principal;
  readonly grants: readonly HeldGrant[];
}

/** Who holds an operation: accounts by id, because there may be thousands; groups and classes are few. */
export interface OperationGrants {
  readonly byAccount: ReadonlyMap<AccountId, PrincipalGrants>;
  readonly shared: readonly PrincipalGrants[];
  /** Of the shared ones the groups, by which an account in few of them finds its own; and the classes. */
  readonly byGroup: ReadonlyMap<GroupId, PrincipalGrants>;
  readonly classes: readonly PrincipalGrants[];
  /** Whether each of them surely gives it. */
  readonly isPlain: boolean;
}

/** What a space grants, arranged by operation and principal. Build it with `indexSpace`. */
export interface SpaceIndex {
  readonly spaceId: SpaceId;
  readonly status: SpaceStatus;
  /** Why the status is not known; none where it is. */
  readonly statusGaps: readonly Gap[];
  /** Why grants may be missing. */
  readonly grantGaps: readonly Gap[];
  /** Every operation that a readable grant gives to anybody, ordered by key, then target. */
  readonly operations: readonly Operation[];
  /** By operation key. */
  readonly grantsGiving: ReadonlyMap<string, OperationGrants>;
  /** Roles whose definition is not known: they may give anything. */
  readonly grantsGivingAnything: OperationGrants;
  readonly asOfMs: number;
  /** What the reading of its grants takes for granted. */
  readonly assumptions: readonly Assumption[];
}

/** Arranges what a space grants, roles expanded to their permissions (rule 4). Once a space; it then serves every account. */
export function indexSpace(facts: SpaceFacts): SpaceIndex {
  const giving = new Map<string, { operation: Operation; grants: GrantCollector }>();
  const givingAnything = new GrantCollector();
  const roles = new Map(facts.roles.items.map((role) => [role.roleId, role]));
  const modelGaps = gapsOfModel(facts);

  const add = (operation: Operation, grant: SpaceGrant, gaps: readonly Gap[]) => {
    const key = operationKey(operation);
    const known = giving.get(key) ?? { operation, grants: new GrantCollector() };
    giving.set(key, known);
    known.grants.add(grant, gaps);
  };
  for (const grant of facts.grants.items) {
    if (grant.kind === "permission") {
      add(grant.operation, grant, []);
    } else if (facts.model !== "PRE_ROLES") {
      const role = roles.get(grant.roleId);
      if (role === undefined) givingAnything.add(grant, [...gapsOfRole(grant.roleId, facts), ...modelGaps]);
      else for (const operation of distinct(role)) add(operation, grant, modelGaps);
    }
  }

  const ordered = [...giving.values()].sort(
    (left, right) =>
      compareText(left.operation.key, right.operation.key) ||
      compareText(left.operation.target, right.operation.target),
  );
  return {
    spaceId: facts.spaceId,
    status: facts.status,
    statusGaps: gapsOfStatus(facts),
    grantGaps: facts.grants.gaps,
    operations: ordered.map(({ operation }) => operation),
    grantsGiving: new Map<string, OperationGrants>([...giving].map(([key, { grants }]) => [key, grants.finish()])),
    grantsGivingAnything: givingAnything.finish(),
    asOfMs: facts.grants.items.some(({ kind }) => kind === "role")
      ? Math.min(facts.grants.asOfMs, facts.roles.asOfMs)
      : facts.grants.asOfMs,
    assumptions: facts.grants.assumptions,
  };
}

function distinct(role: SpaceRole): Iterable<Operation> {
  return new Map(role.permissions.map((operation) => [operationKey(operation), operation])).values();
}

function gapsOfRole(roleId: RoleId, facts: SpaceFacts): readonly Gap[] {
  if (facts.roles.gaps.length > 0) return facts.roles.gaps;
  return [
    unknowable(
      `the definition of role ${roleId}`,
      `The site's role definitions hold no role ${roleId}, so what it gives is not known.`,
      "ReadIncomplete",
    ),
  ];
}

function gapsOfModel(facts: SpaceFacts): readonly Gap[] {
  if (facts.model !== "UNKNOWN") return [];
  if (facts.gaps.length > 0) return facts.gaps;
  return [
    unknowable(
      "whether role assignments count on this site",
      "The site did not say in a way we know whether it stores access as roles.",
      "ContractDrift",
    ),
  ];
}

function gapsOfStatus(facts: SpaceFacts): readonly Gap[] {
  if (facts.status !== "UNKNOWN") return [];
  if (facts.gaps.length > 0) return facts.gaps;
  return [
    unknowable(
      `the status of space ${facts.spaceId}`,
      "The site did not say in a way we know whether the space is in use, archived or in the trash.",
      "ContractDrift",
    ),
  ];
}

interface Collected {
  readonly principal: Principal;
  /** By what is granted: the granular permission, or the role. */
  readonly grants: Map<string, HeldGrant & { readonly rows: SpaceGrant[] }>;
}

/** Collects the grants that give one operation, equal rows as one (rule 8). */
class GrantCollector {
  readonly #byPrincipal = new Map<string, Collected>();

  add(grant: SpaceGrant, gaps: readonly Gap[]): void {
    const key = principalKey(grant.principal);
    const held = this.#byPrincipal.get(key) ?? { principal: grant.principal, grants: new Map() };
    this.#byPrincipal.set(key, held);
    const what = grant.kind === "role" ? `role\u0000${grant.roleId}` : "permission";
    const equal = held.grants.get(what);
    if (equal === undefined) held.grants.set(what, { grant, rows: [grant], gaps });
    else equal.rows.push(grant);
  }

  finish(): OperationGrants {
    const byAccount = new Map<AccountId, { principal: Principal; grants: HeldGrant[] }>();
    const byGroup = new Map<GroupId, PrincipalGrants>();
    const shared: PrincipalGrants[] = [];
    let isPlain = true;
    for (const { principal, grants } of this.#byPrincipal.values()) {
      const held = { principal, grants: [...grants.values()] };
      if (principal.kind === "account") byAccount.set(principal.accountId, held);
      else shared.push(held);
      if (principal.kind === "group") byGroup.set(principal.groupId, held);
      if (held.grants.some(({ gaps }) => gaps.length > 0)) isPlain = false;
    }
    const classes = shared.filter(({ principal }) => principal.kind === "accessClass");
    return { byAccount, shared, byGroup, classes, isPlain };
  }
}

/** One string for one operation on one target. */
export function operationKey(operation: Operation): string {
  return `${operation.key}\u0000${operation.target}`;
}
