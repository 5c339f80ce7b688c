/** A measurement that is older counts less than any new one: clocks drift. */
const keptForMs = 60_000;

interface Measurement {
  /** What has to be added to a moment of ours. */
  readonly offsetMs: number;
  /** By how much that may be wrong. */
  readonly errorMs: number;
  readonly atMs: number;
}

/** How far the engine's clock is from ours. Whatever it converts becomes older by the error, never younger. */
export class EngineClock {
  readonly #now: () => number;
  #kept: Measurement | null = null;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The engine told its time between two moments of ours. */
  take(engineMs: number, sentMs: number, receivedMs: number): void {
    const errorMs = Math.max(0, receivedMs - sentMs) / 2;
    const measured = { offsetMs: engineMs - (sentMs + receivedMs) / 2, errorMs, atMs: receivedMs };
    const kept = this.#kept;
    const isBetter = kept === null || errorMs <= kept.errorMs || Math.abs(receivedMs - kept.atMs) > keptForMs;
    // Or one of both clocks was set.
    if (isBetter || Math.abs(measured.offsetMs - kept.offsetMs) > errorMs + kept.errorMs) this.#kept = measured;
  }

  toEngineMs(ownMs: number): number {
    if (this.#kept === null) return ownMs;
    return Math.floor(ownMs + this.#kept.offsetMs - this.#kept.errorMs);
  }

  /** Never later than now. */
  toOwnMs(engineMs: number): number {
    if (this.#kept === null) return Math.min(engineMs, this.#now());
    return Math.min(Math.floor(engineMs - this.#kept.offsetMs - this.#kept.errorMs), this.#now());
  }
}
