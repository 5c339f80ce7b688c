import type { Place } from "./position.js";

/** More changes than are made while a position is presented. */
const mostKnown = 2_000;

/**
 * What was taken in of one stream. After a failover another change may have the number of one that was lost: so each is known by what
 * tells it from any other, too, and whoever has heard of the one has not reached the other.
 */
export class HeardPlaces {
  readonly epoch: string;
  /** All that is remembered was read when that was there already. */
  readonly #from: number;
  readonly #randoms = new Map<number, string>();
  #last: number;
  /** Up to where all of it was told again, by those who had put it there. */
  #toldAgain = 0;

  constructor({ epoch, n }: Place) {
    this.epoch = epoch;
    this.#from = n;
    this.#last = n;
  }

  /** The next: they come in their order. */
  note(n: number, random: string): void {
    if (n <= this.#last) return;
    this.#last = n;
    this.#randoms.set(n, random);
    this.#randoms.delete(n - mostKnown);
  }

  /** Nothing was missed up to there when the stream was lost. */
  noteToldAgain(n: number): void {
    this.#toldAgain = n;
  }

  /** What is too old to be known by more than its number is not reached: then it is read once more. */
  has({ epoch, n, random }: Place): boolean {
    if (epoch !== this.epoch) return false;
    if (n > this.#last) return n <= this.#toldAgain;
    return n <= this.#from || this.#randoms.get(n) === random;
  }
}
