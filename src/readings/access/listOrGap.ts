import { type Complete, gapFromError, unread } from "../../domain/Complete.js";
import { notVisible, SiteError } from "../../domain/SiteError.js";

/** A list as it was read; one that could not be read, or is not shown, is a gap. */
export function listOrGap<T>(outcome: Complete<T> | null | Error, missing: string, nowMs: number): Complete<T> {
  const read = outcome ?? notVisible(missing);
  if (!(read instanceof Error)) return read;
  if (!(read instanceof SiteError)) throw read;
  return unread(gapFromError(missing, read), nowMs);
}
