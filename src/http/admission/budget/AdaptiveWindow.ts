/** Never fewer, where so many are allowed at all: a call that hangs must not hold up all others. */
const leastSize = 2;

/**
 * How many calls may be in flight: more as long as they are answered, half as many once one is throttled. All that is throttled of one
 * round trip halves it once: they were sent together. What was in flight before a halving proves nothing about the time
 * after it.
 *
 * After a halving it grows by half the way back in each round trip, then by one. A throttle that stood alone, of a whole round
 * trip before and after it, had nothing to do with how much was asked: then it is all undone.
 */
export class AdaptiveWindow {
  readonly #most: number;
  #size: number;
  /** How large it was when it was last halved. */
  #before: number;
  #round = 0;
  /** Of the calls of the round that was halved. */
  #throttled = 0;
  /** Answered since. */
  #answered = 0;

  /** @param size how large it is to begin with. */
  constructor(most: number, size = most) {
    this.#most = most;
    this.#size = Math.min(most, Math.max(1, size));
    this.#before = most;
  }

  /** Calls that may be in flight now. */
  get size(): number {
    return Math.floor(this.#size);
  }

  /** What a call that is sent now has to be told with. */
  get round(): number {
    return this.#round;
  }

  throttled(round: number): void {
    if (round < this.#round) {
      if (round === this.#round - 1) this.#throttled += 1;
      return;
    }
    this.#round += 1;
    this.#throttled = 1;
    this.#answered = 0;
    this.#before = this.#size;
    this.#size = Math.max(Math.min(leastSize, this.#most), this.#size / 2);
  }

  answered(round: number): void {
    if (round < this.#round || this.#size >= this.#most) return;
    this.#answered += 1;
    if (this.#throttled === 1 && this.#answered >= this.#before / 2) {
      this.#throttled = 0;
      this.#size = Math.max(this.#size, this.#before);
      return;
    }
    const halfTheWay = (this.#before - this.#size) / 2;
    this.#size = Math.min(this.#most, this.#size + Math.min(1, Math.max(1, halfTheWay) / this.#size));
  }
}
