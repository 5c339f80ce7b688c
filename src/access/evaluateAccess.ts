import type { Operation } from "../domain/Operation.js";
import type { AccessDecision } from "./AccessDecision.js";
import type { AccessFacts } from "./AccessFacts.js";
import { evaluateVerdict } from "./evaluateVerdict.js";
import { findPaths } from "./findPaths.js";
import { isHeldInVain } from "./isHeldInVain.js";

/** Whether an account can do something in a space, why, and on which paths. Pure; the facts alone decide. */
export function evaluateAccess(facts: AccessFacts, operation: Operation): AccessDecision {
  const { account, space } = facts;
  const verdict = evaluateVerdict(facts, operation);
  const isDenied = verdict.decision === "DENIED";
  const held = findPaths(facts, operation, {
    isWanted: (principal) =>
      !isDenied && account.standings.some((standing) => standing.membershipOf(principal).is === "YES"),
    isSuperuserWanted: !isDenied,
  });
  const inVain = findPaths(facts, operation, {
    isWanted: (principal) => isHeldInVain(account, principal, isDenied),
    isSuperuserWanted: isDenied,
  });
  return {
    ...verdict,
    accountId: account.facts.accountId,
    spaceId: space.spaceId,
    operation,
    paths: held.paths,
    ineffective: inVain.paths,
    hasMorePaths: held.hasMore || inVain.hasMore,
    asOfMs: Math.min(space.asOfMs, account.facts.groups.asOfMs),
  };
}
