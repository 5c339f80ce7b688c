import type { AccountId, SpaceId } from "../domain/ids.js";
import type { Operation } from "../domain/Operation.js";
import type { AccessPath } from "./AccessPath.js";
import type { AccessVerdict } from "./AccessVerdict.js";

/** A verdict with what it rests on. */
export interface AccessDecision extends AccessVerdict {
  readonly accountId: AccountId;
  readonly spaceId: SpaceId;
  readonly operation: Operation;
  /** Every known path, shortest first, then by the name of the space grant's principal; none when DENIED (rule 8). */
  readonly paths: readonly AccessPath[];
  /** What is held in vain (rules 2, 5, 7 and 9), in the order of `paths`. */
  readonly ineffective: readonly AccessPath[];
  /** Whether there are more paths, of either kind, than one answer carries (`accessLimits.paths`). */
  readonly hasMorePaths: boolean;
  /** When the oldest reading it rests on was made, in milliseconds since the epoch. */
  readonly asOfMs: number;
}
