import { type Complete, type Gap, mergeAssumptions, mergeGaps } from "../domain/Complete.js";
import type { AccountId, SpaceId } from "../domain/ids.js";
import { type Operation, readSpace } from "../domain/Operation.js";
import { compareText } from "../domain/textOrder.js";
import type { AccessDecision, AccessFacts, BareDecision, Decision } from "./AccessDecision.js";
import { evaluateBareDecision, isHeldInVain } from "./evaluateBareDecision.js";
import { findPaths } from "./findPaths.js";
import type { ResolvedAccount } from "./ResolvedAccount.js";
import { operationKey, type SpaceIndex } from "./SpaceFacts.js";

/** Whether an account can do something in a space, why, and on which paths. Pure; the facts alone decide. */
export function evaluateAccess(facts: AccessFacts, operation: Operation): AccessDecision {
  const { account, space } = facts;
  const verdict = evaluateBareDecision(facts, operation);
  const isDenied = verdict.decision === "DENIED";
  const held = findPaths(facts, operation, {
    isWanted: (principal) =>
      !isDenied && account.scenarios.some((scenario) => scenario.belongingTo(principal).is === "YES"),
    isSuperuserWanted: !isDenied,
  });
  const inVain = findPaths(facts, operation, {
    isWanted: (principal) => isHeldInVain(account, principal, isDenied),
    isSuperuserWanted: isDenied,
  });
  const { decision, reason, gaps, pathGaps, assumptions } = verdict;
  return {
    decision,
    reason,
    gaps,
    pathGaps,
    assumptions,
    accountId: account.facts.accountId,
    spaceId: space.spaceId,
    operation,
    paths: held.paths,
    ineffective: inVain.paths,
    hasMorePaths: held.hasMore || inVain.hasMore,
    asOfMs: asOfMsOf(facts),
  };
}

/** When the oldest reading was made that an answer about an account and a space rests on. */
export function asOfMsOf({ account, space }: AccessFacts): number {
  return Math.min(space.asOfMs, account.facts.groups.asOfMs);
}

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
    asOfMs: asOfMsOf(facts),
    assumptions: mergeAssumptions(space.assumptions, account.facts.groups.assumptions),
  };
}

/** An operation that no grant names: whoever may hold it, may hold anything. */
const unnamed = { key: "", target: "" };

/** Why an account may have operations in a space that no known grant names; none where it surely has not. */
function operationsUnread(facts: AccessFacts): readonly Gap[] {
  return evaluateBareDecision(facts, unnamed).gaps;
}

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

/** Something that an account can do after a change and could not before, or the other way round, as far as is known. */
export interface AccessEffect {
  readonly operation: Operation;
  readonly before: Decision;
  readonly after: Decision;
}

/**
 * What a change makes of what an account can do in a space, ordered by operation. The gaps are why some of it is not known.
 * Facts of both sides must be of the same account, space and site.
 *
 * @param others operations to look at that no grant of the space names: super users can do them (rule 6).
 */
export function evaluateEffects(
  before: AccessFacts,
  after: AccessFacts,
  others: readonly Operation[] = [],
): Complete<AccessEffect> {
  const named = [...before.space.operations, ...after.space.operations, readSpace, ...others];
  const operations = [...new Map(named.map((operation) => [operationKey(operation), operation])).values()].sort(
    (left, right) => compareText(left.key, right.key) || compareText(left.target, right.target),
  );
  const gaps: (readonly Gap[])[] = [operationsUnread(before), operationsUnread(after)];
  const items = operations.flatMap((operation): AccessEffect[] => {
    const [was, is] = [evaluateBareDecision(before, operation), evaluateBareDecision(after, operation)];
    gaps.push(was.gaps, is.gaps);
    return was.decision === is.decision ? [] : [{ operation, before: was.decision, after: is.decision }];
  });
  return {
    items,
    gaps: mergeGaps(...gaps),
    asOfMs: asOfMsOf(before),
    assumptions: mergeAssumptions(before.space.assumptions, before.account.facts.groups.assumptions),
  };
}

/** An account that can, or may be able to, do what was asked. */
export interface AccountDecision extends BareDecision {
  readonly accountId: AccountId;
}

/**
 * Who can do something in a space, among the accounts given and in their order; those who surely cannot are left out. The
 * ALLOWED ones are exactly those of whom `evaluateAccess` says so (rule 10).
 */
export function* enumeratePrincipals(
  space: SpaceIndex,
  accounts: Iterable<ResolvedAccount>,
  operation: Operation,
): Generator<AccountDecision> {
  for (const account of accounts) {
    const verdict = evaluateBareDecision({ account, space }, operation);
    if (verdict.decision !== "DENIED") yield { accountId: account.facts.accountId, ...verdict };
  }
}

/** A space in which the account can, or may be able to, do what was asked. */
export interface SpaceDecision extends BareDecision {
  readonly spaceId: SpaceId;
}

/**
 * Where an account can do something, among the spaces given and in their order; those where it surely cannot are left out.
 * The ALLOWED ones are exactly those of which `evaluateAccess` says so (rule 10).
 */
export function* enumerateSpaces(
  account: ResolvedAccount,
  spaces: Iterable<SpaceIndex>,
  operation: Operation,
): Generator<SpaceDecision> {
  for (const space of spaces) {
    const verdict = evaluateBareDecision({ account, space }, operation);
    if (verdict.decision !== "DENIED") yield { spaceId: space.spaceId, ...verdict };
  }
}
