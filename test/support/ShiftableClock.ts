import type { Clock } from "../../src/domain/Clock.js";
import { systemClock } from "../../src/http/systemClock.js";

/** The real time moved forward at will: caches age at once, while pauses between calls stay real and short. */
export class ShiftableClock implements Clock {
  #offsetMs = 0;
  #stoppedAtMs: number | null = null;

  now(): number {
    return (this.#stoppedAtMs ?? systemClock.now()) + this.#offsetMs;
  }

  /** Lets no time pass but what is shifted: what counts as read just now does not depend on how fast the machine is. */
  stop(): void {
    this.#stoppedAtMs = systemClock.now();
  }

  sleep(durationMs: number, signal?: AbortSignal): Promise<void> {
    return systemClock.sleep(durationMs, signal);
  }

  shift(byMs: number): void {
    this.#offsetMs += byMs;
  }
}
