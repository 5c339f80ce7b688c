import { SiteError } from "../../domain/SiteError.js";

/**
 * Whether a call failed because the site has no such route, so that nothing was done and another way may be gone. A write
 * whose answer may be lost is no such case, whatever its status.
 */
export function isRouteMissing(error: unknown): error is SiteError {
  return error instanceof SiteError && error.kind === "Unsupported" && !error.isAnswerLost;
}
