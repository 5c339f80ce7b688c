import type { Gap } from "../domain/Complete.js";

/** Whether an account may use Confluence at all, and who says so (rules 3 and 7). */
export interface Licence {
  /** `ASSUMED`: nobody can say, so it counts as licensed and the answer tells. `UNREAD`: a reading failed; see `gaps`. */
  readonly state: "LICENSED" | "NOT_NEEDED" | "ASSUMED" | "UNREAD" | "UNLICENSED";
  readonly gaps: readonly Gap[];
  /** A group that is gone holds the licence's global permission. */
  readonly hasGoneGroup: boolean;
}
