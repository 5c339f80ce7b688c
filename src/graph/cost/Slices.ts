import { GraphQLError } from "graphql";
import { turns } from "../../callers/Turns.js";
import { currentWaiter } from "../../http/Waiting.js";

/** Units of work that an operation does without others having their turn: an answer of 1,000 rows of some twenty fields. */
const unitsAtOnce = 25_000;
/** Units between two turns of the others, after that: some five milliseconds. */
const unitsOfSlice = 5_000;
/** And between two turns of others who wait for a caller who asks much at once: some two milliseconds. */
const unitsOfCrowding = 2_000;
/** A list of no more units does not wait by itself: what it takes is missing to the rows that it is of. */
const unitsOfTinyList = 50;
/** Items that are begun in one go where each has to wait for something: so that a site is asked for what they need together. */
const begunTogether = 1_000;

/**
 * Divides the work of one operation: what it does at first is done at once, as one piece; what is beyond that waits for its turn
 * in slices, behind whatever else the process has to do. Counted in units and not by a clock, so that it is the same each time.
 */
export class Slices {
  readonly slice: number;
  #left: number;

  /** @param isCrowding whether others wait for a caller who has more asked */
  constructor(isCrowding = false) {
    this.slice = isCrowding ? unitsOfCrowding : unitsOfSlice;
    this.#left = isCrowding ? unitsOfCrowding : unitsAtOnce;
  }

  /** One piece of work: `null` where it may be begun at once, else when its turn has come. */
  begin(units: number): Promise<void> | null {
    if (units <= this.#left) {
      this.#left -= units;
      return null;
    }
    this.#left = 0;
    return this.turn(units);
  }

  /** The items of a list as GraphQL completes them: as they are where that is done at once, else some at a time. */
  share<T>(items: readonly T[], unitsEach: number): readonly T[] | SharedItems<T> {
    const units = items.length * unitsEach;
    if (units > this.#left && units > unitsOfTinyList) return new SharedItems(this, items, unitsEach);
    this.#left -= units;
    return items;
  }

  /** Takes the units of one item where any are left. */
  take(units: number): boolean {
    if (this.#left <= 0) return false;
    this.#left -= units;
    return true;
  }

  /** Nothing was done for so many units yet, where that is not for want of a turn. */
  giveBack(units: number): void {
    if (this.#left > 0) this.#left += units;
  }

  /** Takes the units of as many items as there is room for. */
  takeSome(count: number, unitsEach: number): number {
    const taken = Math.min(count, Math.max(0, Math.floor(this.#left / unitsEach)));
    this.#left = taken < count ? 0 : this.#left - taken * unitsEach;
    return taken;
  }

  /** Its turn has come. */
  renew(): void {
    this.#left = this.slice;
  }

  /** When the turn of some work has come; never where nobody waits for it any more: that fails. */
  turn(units: number): Promise<void> {
    const waiter = currentWaiter();
    return turns.wait(waiter?.errand?.caller ?? "", this, units).then(() => {
      if (waiter?.isGone) throw new GraphQLError("Nobody waits for the answer any more.");
    });
  }
}

/**
 * A list that is completed some items at a time. Whoever completes it item by item himself has it done in slices with a promise a slice;
 * to GraphQL's own execution it is a list of items, of which those that wait are promises.
 */
export class SharedItems<T> implements Iterable<T | Promise<T>> {
  readonly #slices: Slices;
  readonly #items: readonly T[];
  readonly #unitsEach: number;

  constructor(slices: Slices, items: readonly T[], unitsEach: number) {
    this.#slices = slices;
    this.#items = items;
    this.#unitsEach = unitsEach;
    hearFailures(items);
  }

  /** What is made of each item. */
  inSlices(complete: (item: T, at: number) => unknown): readonly unknown[] | Promise<readonly unknown[]> {
    const slices = this.#slices;
    const items = this.#items;
    const unitsEach = this.#unitsEach;
    const completed: unknown[] = [];
    let waiting = 0;
    let areAllAtHand = true;
    const goOn = (): readonly unknown[] | Promise<readonly unknown[]> => {
      for (let at = completed.length; at < items.length; at += 1) {
        if (!slices.take(unitsEach)) {
          waiting = 0;
          return slices.turn(Math.min(slices.slice, (items.length - at) * unitsEach)).then(goOn);
        }
        const one = complete(items[at] as T, at);
        completed.push(one);
        if (!(one instanceof Promise)) continue;
        areAllAtHand = false;
        waiting += 1;
        if (waiting < begunTogether) slices.giveBack(unitsEach);
      }
      return areAllAtHand ? completed : Promise.all(completed);
    };
    const done = goOn();
    if (!(done instanceof Promise)) return done;
    return done.catch((error: unknown) => {
      hearFailures(completed);
      throw error;
    });
  }

  *[Symbol.iterator](): Generator<T | Promise<T>> {
    const items = this.#items;
    const atOnce = this.#slices.takeSome(items.length, this.#unitsEach);
    yield* items.slice(0, atOnce);
    // Half of a slice: the other half is for the lists within the items.
    const size = Math.max(1, Math.floor(this.#slices.slice / 2 / this.#unitsEach));
    for (let start = atOnce; start < items.length; start += size) {
      const chunk = items.slice(start, start + size);
      const turn = this.#slices.turn(chunk.length * this.#unitsEach);
      for (const item of chunk) yield turn.then(() => item);
    }
  }
}

/** Nobody else hears an item fail until its turn comes. */
function hearFailures(items: readonly unknown[]): void {
  for (const item of items) if (item instanceof Promise) item.catch(() => undefined);
}
