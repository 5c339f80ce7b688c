import { systemClock } from "../../../src/compose/systemClock.js";
import type { Clock } from "../../../src/domain/Clock.js";

/** Pauses and waits for something upstream are over at once, and the time has moved on by them; what is longer is a time limit. */
const longestPauseMs = 5_000;

/** So little that nothing grows old by being looked at. */
const hairMs = 0.001;

/**
 * The time of the product and of its sandbox: it stands still but for what is slept, so that a busy machine makes nothing old, and
 * what was accepted is carried out while nobody really waits for it.
 */
export class VirtualClock implements Clock {
  #nowMs = systemClock.now();

  /** A hair later each time: what was read before a moment is told from what was read at it, as on a real clock. */
  now(): number {
    this.#nowMs += hairMs;
    return this.#nowMs;
  }

  sleep(durationMs: number, signal?: AbortSignal): Promise<void> {
    if (durationMs > longestPauseMs) return systemClock.sleep(durationMs, signal);
    this.#nowMs += durationMs;
    return systemClock.sleep(0, signal);
  }

  atMost(durationMs: number, signal?: AbortSignal): Promise<void> {
    return this.sleep(durationMs, signal);
  }

  pass(durationMs: number): void {
    this.#nowMs += durationMs;
  }
}
