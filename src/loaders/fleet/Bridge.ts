import type { ToldAbroad } from "../engine/ChangeEvents.js";
import type { Resumption } from "./changeBody.js";
import type { Place, Position } from "./positions/position.js";

/**
 * From an epoch of the stream that is lost to the one that began after it. What this process had not taken in of the lost one is told
 * again by those who had put it there; once all have who were there then, and each number is accounted for that anybody had seen, it
 * has missed nothing.
 */
export class Bridge {
  /** How far it had taken in what is lost. */
  readonly from: Place;
  readonly #awaited: Set<string>;
  /** Whose change each number was that was told again. */
  readonly #tellers = new Map<number, string>();
  /** How many of them lie beyond where this process was. */
  #missed = 0;
  /** The last number that anybody had seen. */
  #upTo: number;
  #isBroken = false;
  isOver = false;

  /** @param awaited the other processes that were there when it was lost. */
  constructor(from: Place, awaited: ReadonlySet<string>) {
    this.from = from;
    this.#upTo = from.n;
    this.#awaited = new Set(awaited);
  }

  /** Answers the changes of which this process has not heard. */
  take({ processId, previous, applied, own }: Resumption): readonly ToldAbroad[] {
    const isOfSame = previous === this.from.epoch;
    // Who was heard of there and comes from elsewhere may have been here and there.
    if (!isOfSame && this.#awaited.has(processId)) this.#isBroken = true;
    this.#awaited.delete(processId);
    // Of an epoch before that: who was stopped for so long may tell what nobody else has heard, and to forget twice does no harm.
    if (!isOfSame) return own.map(({ told }) => told);
    this.#upTo = Math.max(this.#upTo, applied);
    const missed: ToldAbroad[] = [];
    for (const { n, told } of own) {
      this.#upTo = Math.max(this.#upTo, n);
      const teller = this.#tellers.get(n);
      // A number that was given twice, as after a failover, says nothing.
      if (teller !== undefined && teller !== processId) this.#isBroken = true;
      if (teller !== undefined) continue;
      this.#tellers.set(n, processId);
      if (n > this.from.n) missed.push(told);
    }
    this.#missed += missed.length;
    return missed;
  }

  /** Nobody can tell any more what was missed: what somebody tells leaves it open for good, or comes after all that should be known. */
  get isBroken(): boolean {
    return this.#isBroken || (this.isOver && !this.isWhole);
  }

  /** Up to where all of it was taken in, where nothing was missed. */
  get upTo(): Position {
    return { epoch: this.from.epoch, n: this.#upTo };
  }

  /** Whether nothing was missed. */
  get isWhole(): boolean {
    return !this.#isBroken && this.#awaited.size === 0 && this.#missed === this.#upTo - this.from.n;
  }
}
