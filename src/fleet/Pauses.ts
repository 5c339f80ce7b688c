const limits = {
  firstMs: 250,
  longestMs: 3_000,
  /** Whoever stayed for so long is trusted as before. */
  steadyMs: 15_000,
} as const;

/** How long to wait before the next look: twice as long each time, and not as long as the others, so that not all come at once. */
export class Pauses {
  readonly #random: () => number;
  #nextMs: number = limits.firstMs;

  constructor(random: () => number) {
    this.#random = random;
  }

  next(): number {
    const pauseMs = this.#nextMs * (0.75 + this.#random() / 2);
    this.#nextMs = Math.min(limits.longestMs, this.#nextMs * 2);
    return pauseMs;
  }

  /** For how long it stayed: one that comes and goes is looked for more seldom. */
  tell(stayedMs: number): void {
    if (stayedMs >= limits.steadyMs) this.#nextMs = limits.firstMs;
  }
}
