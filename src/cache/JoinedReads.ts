import { currentWaiter } from "../http/Waiting.js";
import { aheadOf, mayJoin, nothingRead } from "./Flight.js";
import type { Flights } from "./Flights.js";
import { type Dated, isOlder, type ReadCounts } from "./Reading.js";

/** Takes what came of ids. */
export interface Taker<K, V> {
  take(id: K, outcome: Dated<V> | Error): void;
}

interface Sources<K extends string, V> {
  readonly flights: Flights<K, Dated<V> | Error>;
  readonly counts: ReadCounts;
  /** What is at hand. */
  peek(id: K, notBeforeMs: number): Dated<V> | undefined;
  /** Has ids be read that nobody reads; one for which nobody waits any more is left out. */
  start(ids: readonly K[], notBeforeMs: number): ReadonlyMap<K, Promise<Dated<V> | Error>>;
}

/** Reads what is asked for by way of what is at hand, of readings under way that may be joined, and of new ones. */
export class JoinedReads<K extends string, V> {
  readonly #sources: Sources<K, V>;

  constructor(sources: Sources<K, V>) {
    this.#sources = sources;
  }

  /** Each outcome as soon as it is there; each comes once, before this ends. */
  async readEach(ids: readonly K[], notBeforeMs: number, taker: Taker<K, V>): Promise<void> {
    if (currentWaiter()?.errand?.kind === "fresh-reading") {
      const { flights } = this.#sources;
      const ahead = aheadOf(
        ids.map((id) => flights.get(id)),
        notBeforeMs,
      );
      if (ahead.length > 0) await Promise.all(ahead);
    }
    // What was begun in time may have been put together from what is older: that is read once more, by itself.
    const loosely = new Set<K>();
    const old: K[] = [];
    await this.#join(ids, notBeforeMs, loosely, {
      take: (id, outcome) => {
        if (loosely.has(id) && isOlder(outcome, notBeforeMs)) old.push(id);
        else taker.take(id, outcome);
      },
    });
    if (old.length > 0) await this.#join(old, notBeforeMs, null, taker);
  }

  /** @param loosely takes the ids of what was joined and may rest on something older; `null`: that is not joined. */
  async #join(ids: readonly K[], notBeforeMs: number, loosely: Set<K> | null, taker: Taker<K, V>): Promise<void> {
    const { flights, counts, peek, start } = this.#sources;
    const unread: K[] = [];
    const coming: Promise<void>[] = [];
    for (const id of ids) {
      const entry = peek(id, notBeforeMs);
      const flight = flights.get(id);
      if (entry !== undefined) taker.take(id, entry);
      else if (flight !== undefined && mayJoin(flight, notBeforeMs, loosely === null)) {
        if (flight.notBeforeMs < notBeforeMs) loosely?.add(id);
        counts.joined += 1;
        flight.crowd.join(currentWaiter());
        coming.push(flight.outcome.then((outcome) => taker.take(id, outcome)));
      } else unread.push(id);
    }
    const started = start(unread, notBeforeMs);
    for (const id of unread) {
      const reading = started.get(id);
      if (reading === undefined) taker.take(id, nothingRead(id));
      else coming.push(reading.then((outcome) => taker.take(id, outcome)));
    }
    await Promise.all(coming);
  }
}
