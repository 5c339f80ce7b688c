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
  /**
   * Makes something that another process read this one's own.
   *
   * @param noYoungerMs where the times that stand in it are by a clock that goes before ours: when it was read by ours.
   */
  adopt(value: V, noYoungerMs: number | null): Promise<V>;
}

/** Clocks that are so near are the same: it is not known any better how far apart they are. */
const clocksApartMs = 1_000;

type WouldTake<K, V> = (id: K, value: V | null, times: ReadTime) => boolean;

const notThere = new Error("it was only looked for");

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

  read(ids: readonly K[], wouldTake: WouldTake<K, V>, fetch: FetchMany<K, V>): ReadonlyMap<K, Promise<Arrived<K, V>>> {
    return this.#read(ids, wouldTake, fetch, false);
  }

  async find(ids: readonly K[], wouldTake: WouldTake<K, V>): Promise<ReadonlyMap<K, SharedValue<V>>> {
    const nothing = Promise.resolve(notThere);
    const looking = this.#read(ids, wouldTake, (unknown) => new Map(unknown.map((id) => [id, nothing])), true);
    const found = new Map<K, SharedValue<V>>();
    for (const [id, arriving] of looking) {
      const arrived = await arriving;
      if (arrived instanceof SharedValue) found.set(id, arrived);
    }
    return found;
  }

  #read(
    ids: readonly K[],
    wouldTake: WouldTake<K, V>,
    fetch: FetchMany<K, V>,
    isOnlyKnown: boolean,
  ): ReadonlyMap<K, Promise<Arrived<K, V>>> {
    const { readings, kind } = this.#options;
    const read = new SharedRead<K, V>({
      isOnlyKnown,
      readings,
      counts: this.counts,
      places: new Map(ids.map((id) => [id, readings.placeOf(kind, id)])),
      usable: async (id, { position, times, aheadMs }, read) => {
        // What opens was put there under this key by the declaration of this kind, in this shape.
        const value = read as V | null;
        if (!wouldTake(id, value, times) || this.#options.isTouchedSince(position, id, value)) return null;
        if (value === null) return new SharedValue<V>(null, times);
        const noYoungerMs = aheadMs > clocksApartMs ? times.readAtMs : null;
        return new SharedValue(await this.#options.adopt(value, noYoungerMs), times);
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
