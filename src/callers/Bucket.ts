import type { Clock } from "../domain/Clock.js";

/** Fills evenly, a minute's worth at most; one who overdrew waits until there is something in it again. */
export class Bucket {
  readonly #clock: Clock;
  #perMinute: number | null;
  /** Whatever is not bounded has no end; what is bounded later begins with a minute's worth. */
  #level: number;
  #atMs: number;
  /** Taken since the other processes were told. */
  #untold = 0;

  constructor(perMinute: number | null, clock: Clock) {
    this.#perMinute = perMinute;
    this.#clock = clock;
    this.#level = perMinute ?? Number.POSITIVE_INFINITY;
    this.#atMs = clock.now();
  }

  get perMinute(): number | null {
    return this.#perMinute;
  }

  refit(perMinute: number | null): void {
    if (perMinute === this.#perMinute) return;
    if (this.#perMinute !== null) this.#fill(this.#perMinute);
    this.#perMinute = perMinute;
    if (perMinute !== null) this.#level = Math.min(this.#level, perMinute);
  }

  get waitMs(): number {
    if (this.#perMinute === null) return 0;
    this.#fill(this.#perMinute);
    // A whole unit has to be there: a sliver of one would let a caller through at any rate.
    return this.#level >= 1 ? 0 : Math.ceil(((1 - this.#level) * 60_000) / this.#perMinute);
  }

  take(amount: number): void {
    if (this.#perMinute === null) return;
    this.#fill(this.#perMinute);
    this.#level -= amount;
    this.#untold += amount;
  }

  /** What was taken since it was told last, and what is left by that. It counts as told. */
  tell(): { readonly spent: number; readonly level: number } | null {
    if (this.#perMinute === null) return null;
    this.#fill(this.#perMinute);
    const spent = this.#untold;
    this.#untold = 0;
    return { spent, level: this.#level };
  }

  /** What is left by all that the processes told. */
  hear(level: number): void {
    if (this.#perMinute === null) return;
    this.#fill(this.#perMinute);
    // Others may have spent of it: they give nothing back, whatever figure is heard.
    this.#level = Math.min(this.#level, level - this.#untold);
    this.#atMs = this.#clock.now();
  }

  #fill(perMinute: number): void {
    const now = this.#clock.now();
    this.#level = Math.min(perMinute, this.#level + ((now - this.#atMs) * perMinute) / 60_000);
    this.#atMs = now;
  }
}
