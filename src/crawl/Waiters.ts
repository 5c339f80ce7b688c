import type { Clock } from "../domain/Clock.js";

/** Who waits until an index is read and our own changes are in it, and no longer than they want to. */
export class Waiters {
  readonly #ends = new Set<() => void>();
  readonly #clock: Clock;
  readonly #settle: () => Promise<void>;

  /** @param settle takes in our own changes */
  constructor(clock: Clock, settle: () => Promise<void>) {
    this.#clock = clock;
    this.#settle = settle;
  }

  /** @param isRead nothing but our own changes is waited for */
  wait(waitMs: number, signal: AbortSignal | undefined, isRead: boolean): Promise<void> {
    const over = new AbortController();
    return new Promise((resolve) => {
      const end = () => {
        this.#ends.delete(settle);
        signal?.removeEventListener("abort", end);
        over.abort("over");
        resolve();
      };
      const settle = () => {
        this.#ends.delete(settle);
        void this.#settle().then(end);
      };
      if (isRead) settle();
      else this.#ends.add(settle);
      signal?.addEventListener("abort", end, { once: true });
      this.#clock.atMost(waitMs, over.signal).then(end, () => undefined);
    });
  }

  /** It is read, or nobody reads it. */
  release(): void {
    for (const end of [...this.#ends]) end();
  }
}
