import type { Clock } from "../../domain/Clock.js";

/** Who waits for something to be so: looked at whenever anything has happened that may have made it so. */
export class Watchers {
  readonly #clock: Clock;
  readonly #waiting = new Set<() => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Something has happened. */
  wake(): void {
    for (const look of [...this.#waiting]) look();
  }

  /** Resolves when it is so, or the time is over; without a time, when it is so. */
  until(isSo: () => boolean, waitMs?: number): Promise<void> {
    if (isSo()) return Promise.resolve();
    const over = new AbortController();
    return new Promise((resolve) => {
      const end = () => {
        this.#waiting.delete(look);
        over.abort();
        resolve();
      };
      const look = () => {
        if (isSo()) end();
      };
      this.#waiting.add(look);
      if (waitMs !== undefined) this.#clock.atMost(waitMs, over.signal).then(end, () => undefined);
    });
  }
}
