import type { Change } from "./Change.js";
import type { Plan } from "./Plan.js";
import type { Step } from "./Step.js";

/**
 * Where changes happen: one space or one group. All changes of one place are planned on one reading and verified by one;
 * nobody else in this process changes the place meanwhile.
 */
export interface ChangePlace<State> {
  /** Names the place within the process. */
  readonly key: string;
  /** Reads what is there now, past every cache, and leaves it there for whoever reads next. Rejects with a `PlaceUnknown`. */
  readState(): Promise<State>;
  /** Checks what the change names besides the place: the account, the role. `null` when nothing is wrong. */
  plan(change: Change, state: State): Promise<Plan> | Plan;
  /** Sends one call. Rejects with a `SiteError`. */
  apply(change: Change, step: Step, state: State): Promise<void>;
  /** What the subject of a change holds here, for the audit. */
  describe(change: Change, state: State): readonly string[];
}
