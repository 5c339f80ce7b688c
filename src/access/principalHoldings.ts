import { type Complete, mergeGaps, nothing } from "../domain/Complete.js";
import type { Operation } from "../domain/Operation.js";
import { type Principal, principalKey } from "../domain/Principal.js";
import { operationKey } from "./operationKey.js";
import type { HeldGrant, OperationGrants, SpaceIndex } from "./SpaceIndex.js";

/** An operation that a group or a class itself holds in a space, or may hold. */
export interface PrincipalHolding {
  readonly operation: Operation;
  /** `UNKNOWN` where nothing that surely gives it is known. */
  readonly decision: "ALLOWED" | "UNKNOWN";
  readonly grants: readonly HeldGrant[];
  readonly isSuperUser: boolean;
}

/**
 * What one principal itself holds in a space, whoever belongs to it, ordered by operation: by rows of its own and by its role
 * (rule 4). A gap is what may hide more. Its members may hold more by themselves, or through other groups.
 */
export function principalHoldings(space: SpaceIndex, principal: Principal): Complete<PrincipalHolding> {
  const key = principalKey(principal);
  const anything = heldBy(space.grantsGivingAnything, key);
  const items = space.operations.flatMap((operation): PrincipalHolding[] => {
    const grants = heldBy(space.grantsGiving.get(operationKey(operation)), key);
    if (grants.length === 0) return [];
    const isSure = grants.some(({ gaps }) => gaps.length === 0);
    return [{ operation, decision: isSure ? "ALLOWED" : "UNKNOWN", grants, isSuperUser: false }];
  });
  const doubts = items.flatMap(({ decision, grants }) =>
    decision === "UNKNOWN" ? grants.flatMap(({ gaps }) => gaps) : [],
  );
  const gaps = mergeGaps(space.grantGaps, doubts, ...anything.map((held) => held.gaps));
  return { ...nothing(space.asOfMs), items, gaps, assumptions: space.assumptions };
}

/** The same for the group whose members can do everything (rule 6): what it holds in rows or not. */
export function superGroupHoldings(space: SpaceIndex, operations: readonly Operation[]): Complete<PrincipalHolding> {
  const items = operations.map(
    (operation): PrincipalHolding => ({ operation, decision: "ALLOWED", grants: [], isSuperUser: true }),
  );
  return { ...nothing(space.asOfMs), items, assumptions: space.assumptions };
}

function heldBy(grants: OperationGrants | undefined, key: string): readonly HeldGrant[] {
  if (grants === undefined) return [];
  return [...grants.byAccount.values(), ...grants.shared].flatMap((held) =>
    principalKey(held.principal) === key ? held.grants : [],
  );
}
