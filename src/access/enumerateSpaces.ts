import type { SpaceId } from "../domain/ids.js";
import type { Operation } from "../domain/Operation.js";
import type { AccessVerdict } from "./AccessVerdict.js";
import { evaluateVerdict } from "./evaluateVerdict.js";
import type { ResolvedAccount } from "./ResolvedAccount.js";
import type { SpaceIndex } from "./SpaceIndex.js";

/** A space in which the account can, or may be able to, do what was asked. */
export interface SpaceVerdict extends AccessVerdict {
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
): Generator<SpaceVerdict> {
  for (const space of spaces) {
    const verdict = evaluateVerdict({ account, space }, operation);
    if (verdict.decision !== "DENIED") yield { ...verdict, spaceId: space.spaceId };
  }
}
