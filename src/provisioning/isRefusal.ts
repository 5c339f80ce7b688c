import type { SiteError } from "../domain/SiteError.js";

/** Refused for certain: nothing was changed by the call. */
export function isRefusal(error: SiteError): boolean {
  return error.kind !== "UpstreamFailed" && error.kind !== "Unreachable" && !error.isAnswerLost;
}
