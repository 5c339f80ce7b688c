import type { Assumption, Gap } from "../domain/Complete.js";

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

/** Whether an account can do something in a space. */
export interface AccessVerdict {
  readonly decision: Decision;
  /** `null` when ALLOWED. */
  readonly reason: AccessReason | null;
  /** What keeps an UNKNOWN from being decided; empty otherwise (rule 1). */
  readonly gaps: readonly Gap[];
  /** What may hide further paths to what is known to be held. They never change an ALLOWED. */
  readonly pathGaps: readonly Gap[];
  /** What is taken for granted: `LICENSED` where a known path or the read it needs rests on it (rule 3). */
  readonly assumptions: readonly Assumption[];
}
