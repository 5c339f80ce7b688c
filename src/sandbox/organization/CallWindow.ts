const windowMs = 60_000;

/** Counts calls in windows of a minute, the first call opening one. */
export class CallWindow {
  readonly #most: number;
  #openedAt = Number.NEGATIVE_INFINITY;
  #calls = 0;

  constructor(callsPerMinute: number) {
    this.#most = callsPerMinute;
  }

  /** Whole seconds until the next call is taken; 0 when this one was. */
  take(now: number): number {
    if (now - this.#openedAt >= windowMs) {
      this.#openedAt = now;
      this.#calls = 0;
    }
    if (this.#calls >= this.#most) return Math.max(1, Math.ceil((this.#openedAt + windowMs - now) / 1000));
    this.#calls += 1;
    return 0;
  }
}
