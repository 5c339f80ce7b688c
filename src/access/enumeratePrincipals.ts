import type { AccountId } from "../domain/ids.js";
import type { Operation } from "../domain/Operation.js";
import type { AccessVerdict } from "./AccessVerdict.js";
import { evaluateVerdict } from "./evaluateVerdict.js";
import type { ResolvedAccount } from "./ResolvedAccount.js";
import type { SpaceIndex } from "./SpaceIndex.js";

/** An account that can, or may be able to, do what was asked. */
export interface AccountVerdict extends AccessVerdict {
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
): Generator<AccountVerdict> {
  for (const account of accounts) {
    const verdict = evaluateVerdict({ account, space }, operation);
    if (verdict.decision !== "DENIED") yield { ...verdict, accountId: account.facts.accountId };
  }
}
