import type { Gap } from "../domain/Gap.js";

export type Decision = "ALLOWED" | "DENIED" | "UNKNOWN";

/** Why it is not ALLOWED: the first that applies, in this order (rule 11). The last two are those of UNKNOWN. */
export type AccessReason =
  | "ACCOUNT_NOT_ACTIVE"
  | "SPACE_TRASHED"
  | "NOT_LICENSED"
  | "INEFFECTIVE"
  | "NO_GRANT"
  | "INCOMPLETE"
  | "ACCOUNT_STATUS_UNKNOWN";

/**
 * What an answer takes for granted because nobody can say. `LICENSED`: that the account has a licence, where a known path
 * or the read it needs rests on it. `GROUP_GONE`: that a group which cannot be found, yet holds a grant, has no members.
 */
export type AccessAssumption = "LICENSED" | "GROUP_GONE";

/** Whether an account can do something in a space. */
export interface AccessVerdict {
  readonly decision: Decision;
  /** `null` when ALLOWED. */
  readonly reason: AccessReason | null;
  /** What keeps an UNKNOWN from being decided; empty otherwise (rule 1). */
  readonly gaps: readonly Gap[];
  /** What may hide further paths to what is known to be held. They never change an ALLOWED. */
  readonly pathGaps: readonly Gap[];
  readonly assumptions: readonly AccessAssumption[];
}
