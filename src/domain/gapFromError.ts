import type { Gap } from "./Gap.js";
import type { SiteError } from "./SiteError.js";

/** A failed read, told as what is missing from an answer because of it. */
export function gapFromError(missing: string, error: SiteError): Gap {
  return { missing, kind: error.kind, reason: error.message, call: error.call, retryAfterMs: error.retryAfterMs };
}
