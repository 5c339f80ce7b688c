import type { Change } from "./Change.js";
import type { ChangeResult } from "./reconcile/Task.js";

/** A change, as the site spells it, and how it ended. */
export interface CarriedOut {
  readonly change: Change;
  readonly result: ChangeResult;
}
