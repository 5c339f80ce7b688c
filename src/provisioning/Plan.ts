import type { ChangeFault } from "../domain/ChangeFault.js";
import type { ChangeOutcome } from "../domain/ChangeOutcome.js";
import type { Step } from "./Step.js";

/** The smallest set of calls that makes a change true, or why there is none. */
export type Plan =
  | { readonly kind: "refused"; readonly fault: ChangeFault }
  /** It is so already: nothing is written. */
  | { readonly kind: "settled"; readonly outcome: "ALREADY_EXISTS" | "NOT_PRESENT" }
  | {
      readonly kind: "steps";
      readonly steps: readonly [Step, ...Step[]];
      /** What it is when the steps are through. */
      readonly outcome: Extract<ChangeOutcome, "CREATED" | "REPLACED" | "REMOVED">;
    };
