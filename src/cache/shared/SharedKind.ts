import { type Arrived, type FetchMany, type SecondLevel, SharedValue } from "../SecondLevel.js";
import type { CacheEntry, ReadTime } from "../TtlCache.js";
import { SharedCounts, SharedRead } from "./SharedRead.js";
import type { SharedReadings } from "./SharedReadings.js";

/** What the processes share of one kind of thing, as its `ReadThrough` needs it. */
export interface SharedKindOptions<K extends string, V> {
  readonly readings: SharedReadings;
  readonly kind: string;
  /** Up to which change all were heard of; `null` where nobody can tell: then nothing is shared. */
  position(): string | null;
  /** Whether something that began to be read at that position may be untrue by now. */
  isTouchedSince(position: string, id: K, value: V | null): boolean;
}

/** What the processes of a deployment share of one kind of thing. */
export class SharedKind<K extends string, V> implements SecondLevel<K, V> {
  readonly counts = new SharedCounts();
  readonly #options: SharedKindOptions<K, V>;

  constructor(options: SharedKindOptions<K, V>) {
    this.#options = options;
  }

  get isThere(): boolean {
    return this.#options.readings.isThere && this.position !== null;
  }

  get position(): string | null {
    return this.#options.position();
  }

  read(
    ids: readonly K[],
    wouldTake: (id: K, value: V | null, times: ReadTime) => boolean,
    fetch: FetchMany<K, V>,
  ): ReadonlyMap<K, Promise<Arrived<K, V>>> {
    const { readings, kind } = this.#options;
    const read = new SharedRead<K, V>({
      readings,
      counts: this.counts,
      places: new Map(ids.map((id) => [id, readings.placeOf(kind, id)])),
      usable: (id, { position, times }, read) => {
        // What opens was put there under this key by the declaration of this kind, in this shape.
        const value = read as V | null;
        if (!wouldTake(id, value, times) || this.#options.isTouchedSince(position, id, value)) return null;
        return new SharedValue(value, times);
      },
      fetch,
    });
    return read.start();
  }

  put(id: K, entry: CacheEntry, position: string | null): void {
    const { readings, kind } = this.#options;
    if (!readings.isThere) return;
    const place = readings.placeOf(kind, id);
    if (position === null) {
      readings.leave(place);
      return;
    }
    const { value, readAtMs, beganAtMs, endedAtMs, servableUntilMs } = entry;
    const head = { position, times: { readAtMs, beganAtMs, endedAtMs } };
    readings.put(place, head, value, servableUntilMs, (outcome) => {
      this.counts[outcome] += 1;
    });
  }

  leave(id: K): void {
    const { readings, kind } = this.#options;
    if (readings.isThere) readings.leave(readings.placeOf(kind, id));
  }
}
