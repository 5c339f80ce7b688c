import type { Flight } from "./Flight.js";

/** Ids that are read by one fetch, which may bring some of them before the others. */
export class Fetching<K extends string, Outcome> {
  /** How many are still to come. */
  #left: number;
  readonly flights = new Map<K, Flight<Outcome>>();

  constructor(count: number) {
    this.#left = count;
  }

  /** Another has come; answers whether it was the last. */
  comes(): boolean {
    this.#left -= 1;
    return this.#left === 0;
  }
}

/**
 * What is being read. Something that came before the others of its fetch is under way to all who have not asked for it yet, until those
 * are there as well: whoever asks for the same joins the same, and how many calls follow from that does not hang on the moment.
 */
export class Flights<K extends string, Outcome> {
  readonly #flights = new Map<K, Flight<Outcome>>();
  readonly #fetches = new WeakMap<Flight<Outcome>, Fetching<K, Outcome>>();
  /** Those of which something was at hand when they began: it is answered with, and so is what came. */
  readonly #again = new WeakSet<Flight<Outcome>>();
  /** What came before the others. */
  readonly #early = new Set<K>();

  get(id: K): Flight<Outcome> | undefined {
    return this.#flights.get(id);
  }

  has(id: K): boolean {
    return this.#flights.has(id);
  }

  /** Whether something came, and others that are read with it did not. */
  isEarly(id: K): boolean {
    return this.#early.size > 0 && this.#early.has(id);
  }

  /** @param isAtHand whether something is known of it that is answered with meanwhile */
  set(id: K, flight: Flight<Outcome>, fetching: Fetching<K, Outcome>, isAtHand: boolean): void {
    fetching.flights.set(id, flight);
    this.#fetches.set(flight, fetching);
    if (isAtHand) this.#again.add(flight);
    this.#early.delete(id);
    this.#flights.set(id, flight);
  }

  /** Something came; answers whether it counts: nothing was forgotten since it was begun, and it was not begun anew. */
  land(id: K, flight: Flight<Outcome>): boolean {
    const counts = this.#flights.get(id) === flight;
    const fetching = this.#fetches.get(flight);
    if (fetching === undefined || fetching.comes()) {
      for (const [each, other] of fetching?.flights ?? []) if (this.#flights.get(each) === other) this.drop(each);
    } else if (counts && this.#again.has(flight)) this.#flights.delete(id);
    else if (counts) this.#early.add(id);
    return counts;
  }

  /** It is not joined any more. */
  drop(id: K): void {
    this.#flights.delete(id);
    this.#early.delete(id);
  }

  clear(): void {
    this.#flights.clear();
    this.#early.clear();
  }
}
