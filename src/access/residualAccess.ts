import type { Complete } from "../domain/Complete.js";
import type { Operation } from "../domain/Operation.js";
import type { AccessDecision } from "./AccessDecision.js";
import type { AccessFacts } from "./AccessFacts.js";
import { enumerateAccess } from "./enumerateAccess.js";
import { evaluateAccess } from "./evaluateAccess.js";
import { operationKey } from "./operationKey.js";

/**
 * What an account can still do in a space after a revocation, and on which paths: of what it could do before, whatever is
 * ALLOWED or UNKNOWN now, each operation once and in the order given. Empty and without gaps means that the access has ended.
 *
 * @param operationsBefore what it could do before; everything the space still knows, where that is not at hand.
 */
export function residualAccess(
  factsAfter: AccessFacts,
  operationsBefore?: readonly Operation[],
): Complete<AccessDecision> {
  const after = enumerateAccess(factsAfter);
  const decisions =
    operationsBefore === undefined
      ? after.items
      : [...new Map(operationsBefore.map((operation) => [operationKey(operation), operation])).values()].map(
          (operation) => evaluateAccess(factsAfter, operation),
        );
  return { ...after, items: decisions.filter(({ decision }) => decision !== "DENIED") };
}
