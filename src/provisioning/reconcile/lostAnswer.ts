import type { SiteError } from "../../domain/SiteError.js";
import type { Step } from "./Plan.js";

/** True where a call may have been carried out although its answer did not come: settled by reading, never sent again. */
export function isLost(error: SiteError, { isDeferred = false }: Pick<Step, "isDeferred"> = {}): boolean {
  // What is carried out in its own time may be under way whatever was answered, unless the answer proves a refusal.
  if (isDeferred) return !isRefusal(error);
  // Who answers 504 gave up waiting: what stands behind may still be at work. Other failures were answered for good.
  return error.isAnswerLost && (error.kind !== "UpstreamFailed" || error.status === 504);
}

/** Refused for certain: nothing was changed by the call. */
export function isRefusal(error: SiteError): boolean {
  return error.kind !== "UpstreamFailed" && error.kind !== "Unreachable" && !error.isAnswerLost;
}
