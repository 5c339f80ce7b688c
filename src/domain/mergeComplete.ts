import type { Complete } from "./Complete.js";

/** Several readings as one: all items, all gaps, as old as the oldest part. Of none: empty, whole, as of `nowMs`. */
export function mergeComplete<T>(parts: readonly Complete<T>[], nowMs: number): Complete<T> {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  return {
    items: parts.flatMap((part) => part.items),
    gaps: parts.flatMap((part) => part.gaps),
    asOfMs: parts.reduce((oldest, part) => Math.min(oldest, part.asOfMs), nowMs),
  };
}
