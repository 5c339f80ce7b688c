import { GraphQLError } from "graphql";
import { turns } from "../../callers/Turns.js";
import { currentWaiter } from "../../http/Waiting.js";

/** Units of work that an operation does without others having their turn: an answer of 1,000 rows of some twenty fields. */
const unitsAtOnce = 25_000;
/** Units between two turns of the others, after that: some five milliseconds. */
const unitsOfSlice = 5_000;

/**
 * Divides the work of one operation: what it does at first is done at once, as one piece; what is beyond that waits for its turn
 * in slices, behind whatever else the process has to do. Counted in units and not by a clock, so that it is the same each time.
 */
export class Slices {
  #left = unitsAtOnce;

  /** The items of a list as GraphQL completes them: at once as far as that goes, the others as promises for their turn. */
  share<T>(items: readonly T[], unitsEach: number): readonly (T | Promise<T>)[] {
    const waiter = currentWaiter();
    const caller = waiter?.errand?.caller ?? "";
    const units = items.length * unitsEach;
    if (units <= this.#left) {
      this.#left -= units;
      return items;
    }
    const atOnce = Math.floor(this.#left / unitsEach);
    this.#left = 0;
    // Half of a slice: the other half is for the lists within the items.
    const size = Math.max(1, Math.floor(unitsOfSlice / 2 / unitsEach));
    const shared: (T | Promise<T>)[] = items.slice(0, atOnce);
    for (let start = atOnce; start < items.length; start += size) {
      const chunk = items.slice(start, start + size);
      const turn = turns.wait(caller, this, chunk.length * unitsEach);
      for (const item of chunk) {
        // Nobody hears it fail until its turn comes.
        if (item instanceof Promise) item.catch(() => undefined);
        shared.push(
          turn.then(() => {
            if (waiter?.isGone) throw new GraphQLError("Nobody waits for the answer any more.");
            return item;
          }),
        );
      }
    }
    return shared;
  }

  /** Its turn has come. */
  renew(): void {
    this.#left = unitsOfSlice / 2;
  }
}
