import { GraphQLError } from "graphql";
import { turns } from "../../callers/Turns.js";
import { currentWaiter } from "../../http/Waiting.js";

/** Units of work that an operation does without others having their turn: an answer of 1,000 rows of some twenty fields. */
const unitsAtOnce = 25_000;
/** Units between two turns of the others, after that: some five milliseconds. */
const unitsOfSlice = 5_000;
/** And between two turns of others who wait for a caller who asks much at once: some two milliseconds. */
const unitsOfCrowding = 2_000;

/**
 * Divides the work of one operation: what it does at first is done at once, as one piece; what is beyond that waits for its turn
 * in slices, behind whatever else the process has to do. Counted in units and not by a clock, so that it is the same each time.
 */
export class Slices {
  #left: number;
  readonly #slice: number;

  /** @param isCrowding whether others wait for a caller who has more asked */
  constructor(isCrowding = false) {
    this.#slice = isCrowding ? unitsOfCrowding : unitsOfSlice;
    this.#left = isCrowding ? unitsOfCrowding : unitsAtOnce;
  }

  /** One piece of work: `null` where it may be begun at once, else when its turn has come. */
  begin(units: number): Promise<void> | null {
    if (units <= this.#left) {
      this.#left -= units;
      return null;
    }
    this.#left = 0;
    return this.#turn(units);
  }

  /**
   * The items of a list as GraphQL completes them: at once as far as that goes, the others as promises for their turn. A short list
   * waits as a whole: a promise for each of its items would cost more than they do.
   */
  share<T>(items: readonly T[], unitsEach: number): Promise<readonly T[]> | readonly (T | Promise<T>)[] {
    const units = items.length * unitsEach;
    if (units <= this.#left) {
      this.#left -= units;
      return items;
    }
    if (units <= this.#slice / 2) {
      this.#left = 0;
      hearFailures(items);
      return this.#turn(units).then(() => items);
    }
    const atOnce = Math.floor(this.#left / unitsEach);
    this.#left = 0;
    // Half of a slice: the other half is for the lists within the items.
    const size = Math.max(1, Math.floor(this.#slice / 2 / unitsEach));
    const shared: (T | Promise<T>)[] = items.slice(0, atOnce);
    for (let start = atOnce; start < items.length; start += size) {
      const chunk = items.slice(start, start + size);
      const turn = this.#turn(chunk.length * unitsEach);
      hearFailures(chunk);
      for (const item of chunk) shared.push(turn.then(() => item));
    }
    return shared;
  }

  /** Its turn has come. */
  renew(): void {
    this.#left = this.#slice / 2;
  }

  /** When the turn of some work has come; never where nobody waits for it any more: that fails. */
  #turn(units: number): Promise<void> {
    const waiter = currentWaiter();
    return turns.wait(waiter?.errand?.caller ?? "", this, units).then(() => {
      if (waiter?.isGone) throw new GraphQLError("Nobody waits for the answer any more.");
    });
  }
}

/** Nobody else hears an item fail until its turn comes. */
function hearFailures(items: readonly unknown[]): void {
  for (const item of items) if (item instanceof Promise) item.catch(() => undefined);
}
