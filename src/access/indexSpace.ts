import type { Gap } from "../domain/Complete.js";
import type { SpaceGrant, SpaceRole } from "../domain/Grant.js";
import type { RoleId } from "../domain/ids.js";
import type { Operation } from "../domain/Operation.js";
import { compareCodePoints } from "../domain/textOrder.js";
import { GrantCollector } from "./GrantCollector.js";
import { operationKey } from "./operationKey.js";
import type { SpaceFacts } from "./SpaceFacts.js";
import type { OperationGrants, SpaceIndex } from "./SpaceIndex.js";
import { unknowable } from "./unknowable.js";

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
      compareCodePoints(left.operation.key, right.operation.key) ||
      compareCodePoints(left.operation.target, right.operation.target),
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
