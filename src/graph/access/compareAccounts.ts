import type { Decision } from "../../access/AccessDecision.js";
import type { AccessIndex } from "../../access/index/AccessIndex.js";
import type { HeldOperations } from "../../access/index/Inspector.js";
import { type Complete, mergeTrust, type Trust } from "../../domain/Complete.js";
import type { AccountId, SpaceId } from "../../domain/ids.js";
import { type Operation, operationName } from "../../domain/Operation.js";
import { compareText } from "../../domain/textOrder.js";

/** A space where not all of some accounts can do the same. */
export interface AccountDifference {
  readonly spaceId: SpaceId;
  /** What each of them can do there, in the order of the accounts. */
  readonly held: readonly HeldOperations[];
}

const nothing: HeldOperations = { allowed: [], unknown: [], mayHoldMore: false };

/** Spaces of one account that are looked at before others have their turn. */
const pageSize = 250;

/**
 * The spaces where some accounts cannot do the same, in the order of ids. `pause` lets others have their turn: of an index
 * that changes meanwhile each space is told as it was when it was looked at.
 */
export async function compareAccounts(
  index: AccessIndex,
  accountIds: readonly AccountId[],
  pause: () => Promise<void>,
): Promise<Complete<AccountDifference>> {
  const trusts: Trust[] = [];
  const held = new Map<SpaceId, HeldOperations[]>();
  for (const [place, accountId] of accountIds.entries()) {
    for (let after: SpaceId | null = null, hasMore = true; hasMore; ) {
      const page = index.whatCan(accountId, {}, { first: pageSize, after });
      for (const { spaceId, operations } of page.rows) {
        const row = held.get(spaceId) ?? accountIds.map(() => nothing);
        row[place] = operations;
        held.set(spaceId, row);
      }
      if (after === null) trusts.push(page);
      after = page.rows.at(-1)?.spaceId ?? null;
      hasMore = page.hasNextPage && after !== null;
      await pause();
    }
  }
  const items: AccountDifference[] = [];
  for (const [number, [spaceId, row]] of [...held].entries()) {
    if (number % pageSize === pageSize - 1) await pause();
    const [first, ...others] = row.map(signatureOf);
    if (others.some((other) => other !== first)) items.push({ spaceId, held: row });
  }
  items.sort((left, right) => compareText(left.spaceId, right.spaceId));
  return { ...mergeTrust(trusts, index.asOfMs), items };
}

/** How each of the accounts stands to each operation that they do not have alike, ordered by operation. */
export function differingOperations({ held }: AccountDifference): {
  readonly operation: Operation;
  readonly decisions: readonly Decision[];
}[] {
  const named = new Map<string, Operation>();
  for (const { allowed, unknown } of held)
    for (const operation of [...allowed, ...unknown]) named.set(operationName(operation), operation);
  const sets = held.map(({ allowed, unknown, mayHoldMore }) => ({
    allowed: new Set(allowed.map(operationName)),
    unknown: new Set(unknown.map(operationName)),
    mayHoldMore,
  }));
  return [...named]
    .sort(([left], [right]) => compareText(left, right))
    .flatMap(([name, operation]) => {
      const decisions = sets.map(({ allowed, unknown, mayHoldMore }): Decision => {
        if (allowed.has(name)) return "ALLOWED";
        return unknown.has(name) || mayHoldMore ? "UNKNOWN" : "DENIED";
      });
      return new Set(decisions).size === 1 ? [] : [{ operation, decisions }];
    });
}

/** Equal for accounts that can do the same. */
function signatureOf({ allowed, unknown, mayHoldMore }: HeldOperations): string {
  const words = (operations: readonly Operation[]) => operations.map(operationName).sort().join(",");
  return `${words(allowed)}|${words(unknown)}|${mayHoldMore}`;
}
