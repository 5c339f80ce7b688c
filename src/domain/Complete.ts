import { type Assumption, mergeAssumptions } from "./Assumption.js";
import { type Gap, mergeGaps } from "./Gap.js";

/** How far a reading can be trusted: what goes with every list, and with everything that is put together from lists. */
export interface Trust {
  /** What belongs to the answer and is not in it. None: it was read whole. */
  readonly gaps: readonly Gap[];
  /** When the oldest part was read, in milliseconds since the epoch. */
  readonly asOfMs: number;
  /** What is taken for granted, each once. An answer that rests on assumptions alone counts as whole. */
  readonly assumptions: readonly Assumption[];
}

/**
 * A list and how far it can be trusted. No gaps: the upstream was read whole. With gaps the items are what was read
 * before something failed, and the answer says so; an empty list with gaps means "nothing known", never "none".
 */
export interface Complete<T> extends Trust {
  readonly items: readonly T[];
}

/** The empty list, read whole: only for what cannot exist, or for what was asked of nobody. */
export function nothing(asOfMs: number): Complete<never> {
  return { items: [], gaps: [], asOfMs, assumptions: [] };
}

/** A list of which nothing could be read. */
export function unread(gap: Gap, nowMs: number): Complete<never> {
  return { items: [], gaps: [gap], asOfMs: nowMs, assumptions: [] };
}

/** How far something can be trusted that rests on several readings: all gaps and assumptions, as old as the oldest. */
export function mergeTrust(parts: readonly Trust[], nowMs: number): Trust {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  return {
    gaps: mergeGaps(...parts.map(({ gaps }) => gaps)),
    asOfMs: parts.reduce((oldest, { asOfMs }) => Math.min(oldest, asOfMs), nowMs),
    assumptions: mergeAssumptions(...parts.map(({ assumptions }) => assumptions)),
  };
}

/** Several readings as one: all items, and the trust of all. Of none: empty, whole, as of `nowMs`. */
export function mergeComplete<T>(parts: readonly Complete<T>[], nowMs: number): Complete<T> {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const { gaps, asOfMs, assumptions } = mergeTrust(parts, nowMs);
  return { items: parts.flatMap((part) => part.items), gaps, asOfMs, assumptions };
}
