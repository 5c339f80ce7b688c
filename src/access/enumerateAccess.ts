import { type Complete, mergeAssumptions } from "../domain/Complete.js";
import type { AccessDecision } from "./AccessDecision.js";
import type { AccessFacts } from "./AccessFacts.js";
import { evaluateAccess } from "./evaluateAccess.js";
import { operationKey } from "./operationKey.js";
import { operationsUnread } from "./operationsUnread.js";
import { readSpace } from "../domain/Operation.js";

/**
 * What an account can do in a space, ordered by operation: every operation that a grant of the space gives it, or may give
 * it, with its decision; what it holds in vain stands here as DENIED. The gaps are those behind which further operations
 * may be, of which nobody knows the names. For a super user it is every operation that the space knows, and reading.
 */
export function enumerateAccess(facts: AccessFacts): Complete<AccessDecision> {
  const { account, space } = facts;
  const readKey = operationKey(readSpace);
  const isReadNamed = space.operations.some((operation) => operationKey(operation) === readKey);
  const decisions = (isReadNamed ? space.operations : [...space.operations, readSpace]).map((operation) =>
    evaluateAccess(facts, operation),
  );
  return {
    items: decisions.filter(({ decision, ineffective }) => decision !== "DENIED" || ineffective.length > 0),
    gaps: operationsUnread(facts),
    asOfMs: Math.min(space.asOfMs, account.facts.groups.asOfMs),
    assumptions: mergeAssumptions(space.assumptions, account.facts.groups.assumptions),
  };
}
