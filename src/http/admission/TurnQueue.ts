import type { Errand } from "./Errand.js";

/** In which order waiting calls go: changes, requests that took few calls so far, those that took many, and what nobody waits for. */
export const ranks = { change: 0, small: 1, long: 2, background: 3 } as const;
export type Rank = (typeof ranks)[keyof typeof ranks];

/** Who waits. */
interface Waiting {
  readonly rank: Rank;
  readonly errand: Errand;
}

/** How often in a row those of a later rank are passed over. What nobody waits for is passed over as long as it takes. */
export const passedOverAtMost = 7;

/**
 * Who waits for a turn, and who is next: by rank; within a rank callers take turns, each caller's requests among themselves,
 * and the calls of a request go as they came. So whoever asks for much waits for itself. Nobody who is waited for
 * starves: after seven turns of those before it, one goes to the next rank.
 */
export class TurnQueue<W extends Waiting> {
  readonly #byRank: readonly Map<string, Map<Errand, Set<W>>>[] = [new Map(), new Map(), new Map(), new Map()];
  readonly #sizes = [0, 0, 0, 0];
  readonly #passedOver = [0, 0, 0, 0];

  get size(): number {
    return this.#sizes.reduce((sum, size) => sum + size, 0);
  }

  /** How many wait of a rank. */
  sizeOf(rank: Rank): number {
    return this.#sizes[rank] ?? 0;
  }

  /** How many calls of a caller wait, those that nobody waits for left out. */
  sizeOfCaller(caller: string): number {
    let size = 0;
    for (const rank of [ranks.change, ranks.small, ranks.long])
      for (const waiting of this.#byRank[rank]?.get(caller)?.values() ?? []) size += waiting.size;
    return size;
  }

  add(waiter: W): void {
    const callers = this.#callersOf(waiter.rank);
    const { caller } = waiter.errand;
    const errands = callers.get(caller) ?? new Map<Errand, Set<W>>();
    callers.set(caller, errands);
    const waiting = errands.get(waiter.errand) ?? new Set<W>();
    errands.set(waiter.errand, waiting);
    if (waiting.has(waiter)) return;
    waiting.add(waiter);
    this.#sizes[waiter.rank] = this.sizeOf(waiter.rank) + 1;
  }

  delete(waiter: W): void {
    const callers = this.#callersOf(waiter.rank);
    const errands = callers.get(waiter.errand.caller);
    const waiting = errands?.get(waiter.errand);
    if (errands === undefined || waiting?.delete(waiter) !== true) return;
    this.#sizes[waiter.rank] = this.sizeOf(waiter.rank) - 1;
    if (waiting.size === 0) errands.delete(waiter.errand);
    if (errands.size === 0) callers.delete(waiter.errand.caller);
  }

  /** This one goes: its request and its caller are the last to have a turn again. */
  take(waiter: W): void {
    this.delete(waiter);
    const callers = this.#callersOf(waiter.rank);
    const { caller } = waiter.errand;
    const errands = callers.get(caller);
    if (errands !== undefined) {
      moveToEnd(errands, waiter.errand);
      moveToEnd(callers, caller);
    }
    for (const rank of [ranks.small, ranks.long]) {
      if (rank > waiter.rank && this.sizeOf(rank) > 0) this.#passedOver[rank] = (this.#passedOver[rank] ?? 0) + 1;
    }
    this.#passedOver[waiter.rank] = 0;
  }

  /** All who wait, from the next on: who may not go yet is left out by whoever asks. */
  *inOrder(): Generator<W> {
    const due = [ranks.long, ranks.small].find(
      (rank) => this.sizeOf(rank) > 0 && (this.#passedOver[rank] ?? 0) >= passedOverAtMost,
    );
    if (due !== undefined) yield* this.ofRank(due);
    for (const rank of Object.values(ranks)) if (rank !== due) yield* this.ofRank(rank);
  }

  /** Those of one rank, from the next on. */
  *ofRank(rank: Rank): Generator<W> {
    for (const errands of this.#callersOf(rank).values())
      for (const waiting of errands.values()) for (const waiter of waiting) yield waiter;
  }

  #callersOf(rank: Rank): Map<string, Map<Errand, Set<W>>> {
    return this.#byRank[rank] ?? new Map();
  }
}

function moveToEnd<K, V>(map: Map<K, V>, key: K): void {
  const value = map.get(key);
  if (value === undefined) return;
  map.delete(key);
  map.set(key, value);
}
