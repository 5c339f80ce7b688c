import type { Clock } from "../../src/domain/Clock.js";
import { systemClock } from "../../src/http/systemClock.js";

/** The real time moved forward at will: caches age at once, while pauses between calls stay real and short. */
export class ShiftableClock implements Clock {
  #offsetMs = 0;

  now(): number {
    return systemClock.now() + this.#offsetMs;
  }

  sleep(durationMs: number, signal?: AbortSignal): Promise<void> {
    return systemClock.sleep(durationMs, signal);
  }

  shift(byMs: number): void {
    this.#offsetMs += byMs;
  }
}
