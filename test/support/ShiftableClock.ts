import { systemClock } from "../../src/compose/systemClock.js";
import type { Clock } from "../../src/domain/Clock.js";

/** What is longer is a time limit and no pause. */
const longestPauseMs = 5_000;

/** The real time moved forward at will: caches age at once, while pauses between calls stay real and short. */
export class ShiftableClock implements Clock {
  #offsetMs = 0;
  #stoppedAtMs: number | null = null;
  #isHurrying = false;

  now(): number {
    return (this.#stoppedAtMs ?? systemClock.now()) + this.#offsetMs;
  }

  /** Lets no time pass but what is shifted: what counts as read just now does not depend on how fast the machine is. */
  stop(): void {
    this.#stoppedAtMs = systemClock.now();
  }

  sleep(durationMs: number, signal?: AbortSignal): Promise<void> {
    if (!this.#isHurrying || durationMs > longestPauseMs) return systemClock.sleep(durationMs, signal);
    this.#offsetMs += durationMs;
    return systemClock.sleep(0, signal);
  }

  /** Six times as long: a machine that is slow, or busy with something else, makes nobody give up. */
  atMost(durationMs: number, signal?: AbortSignal): Promise<void> {
    return systemClock.sleep(6 * durationMs, signal);
  }

  /** Pauses are over at once, and the time has moved on by them, for as long as the work goes on. Time limits stay what they are. */
  async hurry<T>(work: () => Promise<T>): Promise<T> {
    this.#isHurrying = true;
    try {
      return await work();
    } finally {
      this.#isHurrying = false;
    }
  }

  shift(byMs: number): void {
    this.#offsetMs += byMs;
  }
}
