import type { Clock } from "../../../domain/Clock.js";

/** As many are known, by when they were presented first. */
const mostPresented = 2_000;

/** When each position that could not be reached was presented first: whatever it stands for had happened by then. */
export class Presented {
  readonly #clock: Clock;
  readonly #firstMs = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  firstMs(text: string): number {
    const nowMs = this.#clock.now();
    const known = this.#firstMs.get(text);
    if (known !== undefined && known <= nowMs) return known;
    this.#firstMs.set(text, nowMs);
    const [oldest] = this.#firstMs.keys();
    if (this.#firstMs.size > mostPresented && oldest !== undefined) this.#firstMs.delete(oldest);
    return nowMs;
  }
}
