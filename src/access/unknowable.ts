import type { Gap } from "../domain/Complete.js";
import type { SiteErrorKind } from "../domain/SiteError.js";

/** A gap that no call would close, or whose call another gap tells of. */
export function unknowable(missing: string, reason: string, kind: SiteErrorKind = "Unsupported"): Gap {
  return { missing, kind, reason, call: null, retryAfterMs: null };
}
