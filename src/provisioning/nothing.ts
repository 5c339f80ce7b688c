import type { Complete } from "../domain/Complete.js";

/** The empty list, read whole. */
export function nothing(nowMs: number): Complete<never> {
  return { items: [], gaps: [], asOfMs: nowMs };
}
