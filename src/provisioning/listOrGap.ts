import { type Complete, nothing, unread } from "../domain/Complete.js";
import { gapFromError } from "../domain/gapFromError.js";
import { SiteError } from "../domain/SiteError.js";

/** A list as it was read; one that could not be read is a gap, and one that is not there is empty. */
export function listOrGap<T>(outcome: Complete<T> | null | Error, missing: string, nowMs: number): Complete<T> {
  if (!(outcome instanceof Error)) return outcome ?? nothing(nowMs);
  if (!(outcome instanceof SiteError)) throw outcome;
  return unread(gapFromError(missing, outcome), nowMs);
}
