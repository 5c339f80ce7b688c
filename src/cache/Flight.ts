import { SiteError } from "../domain/SiteError.js";
import { type Crowd, currentWaiter } from "../http/Waiting.js";

/** A reading of one thing that is under way. */
export interface Flight<Outcome> {
  readonly startedAtMs: number;
  readonly notBeforeMs: number;
  /** Up to which change all were heard of when it began. */
  readonly position: string | null;
  readonly outcome: Promise<Outcome>;
  /** Who waits for it: when all have gone, its calls end, and nobody joins it any more. */
  readonly crowd: Crowd;
}

/**
 * A flight answers a reader when it was begun since the reader asked, and what it is put together from is as fresh as that: it
 * was asked to be, or it was asked to be nearly, and its age will tell.
 *
 * @param isStrict only what was asked to be.
 */
export function mayJoin(flight: Flight<unknown>, notBeforeMs: number, isStrict: boolean): boolean {
  if (flight.crowd.isGone || flight.startedAtMs < notBeforeMs) return false;
  return flight.notBeforeMs >= notBeforeMs || (!isStrict && flight.notBeforeMs > 0);
}

/**
 * What somebody waits for who wants nothing read before: those that wanted the same a moment ago. Then all who came meanwhile
 * read it together, once, and fifty of them make two readings of it.
 */
export function aheadOf<Outcome>(
  flights: readonly (Flight<Outcome> | undefined)[],
  notBeforeMs: number,
): readonly Promise<Outcome>[] {
  return flights.flatMap((flight) => {
    const isAhead = flight !== undefined && flight.notBeforeMs > 0 && flight.startedAtMs < notBeforeMs;
    return isAhead && !flight.crowd.isGone ? [flight.outcome] : [];
  });
}

/** Whether whoever asks has hung up already: then nothing is begun for them. */
export function isNobodyThere(): boolean {
  return currentWaiter()?.isGone === true;
}

/** Why nothing was read for an id: nobody waits for it, or it is a bug of ours. */
export function nothingRead(id: string): Error {
  if (!isNobodyThere()) return new Error(`nothing was read for ${id}`);
  return new SiteError("Throttled", "It was not read: nobody waits for the answer any more.", { call: "" });
}
