import type { Assumption, Gap, Trust } from "../../../domain/Complete.js";

/** When something was read, as it stands in a copy: infinite is `null` there. */
export type Moment = number | null;

/** How far something was read, as it stands in a copy. */
export interface ReadingCopy {
  readonly gaps: readonly Gap[];
  readonly asOf: Moment;
  readonly assumptions: readonly Assumption[];
}

/** Moments of whoever made a copy, as this process's clock has them; never later than now. */
export type ToOwn = (moment: number) => number;

export const momentOf = (asOfMs: number): Moment => (Number.isFinite(asOfMs) ? asOfMs : null);

export const ownMs = (moment: Moment, toOwn: ToOwn): number =>
  moment === null ? Number.POSITIVE_INFINITY : toOwn(moment);

export function copyReading({ gaps, asOfMs, assumptions }: Trust): ReadingCopy {
  return { gaps, asOf: momentOf(asOfMs), assumptions };
}

export function readingOf({ gaps, asOf, assumptions }: ReadingCopy, toOwn: ToOwn): Trust {
  return { gaps, asOfMs: ownMs(asOf, toOwn), assumptions };
}
