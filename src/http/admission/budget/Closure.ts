/** Something that is closed until a moment, because the site asked for it: as a whole, or one of its calls. */
export class Closure {
  #untilMs = Number.NEGATIVE_INFINITY;
  /** How long it was closed since the start, up to `untilMs`. */
  #totalMs = 0;

  get untilMs(): number {
    return this.#untilMs;
  }

  leftMs(nowMs: number): number {
    return Math.max(0, this.#untilMs - nowMs);
  }

  /** Never shorter than it was closed already. */
  close(durationMs: number, nowMs: number): void {
    const beforeMs = this.leftMs(nowMs);
    this.#untilMs = Math.max(this.#untilMs, nowMs + durationMs);
    this.#totalMs += this.leftMs(nowMs) - beforeMs;
  }

  /** How long it has been closed so far, with what is still ahead. */
  get totalMs(): number {
    return this.#totalMs;
  }
}
