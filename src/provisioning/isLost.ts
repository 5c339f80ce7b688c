import type { SiteError } from "../domain/SiteError.js";

/** True where a call may have been carried out although its answer did not come: settled by reading, never sent again. */
export function isLost(error: SiteError): boolean {
  // Who answers 504 gave up waiting: what stands behind may still be at work. Other failures were answered for good.
  return error.isAnswerLost && (error.kind !== "UpstreamFailed" || error.status === 504);
}
