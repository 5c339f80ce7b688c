import type { Fetched } from "./Reading.js";
import type { CacheEntry, ReadTime } from "./TtlCache.js";

/** What was read by whichever process. */
export class SharedValue<V> {
  constructor(
    readonly value: V | null,
    readonly times: ReadTime,
  ) {}
}

/** What a read brought: what another process read, or what upstream answered. */
export type Arrived<K, V> = SharedValue<V> | Fetched<K, V> | Error;

/** Reads ids from upstream, each as part of a fetch. */
export type FetchMany<K, V> = (ids: readonly K[]) => ReadonlyMap<K, Promise<Fetched<K, V> | Error>>;

/** Where the processes of a deployment have what each of them read of one kind of thing, behind the memory of each. */
export interface SecondLevel<K extends string, V> {
  /** False where there is nobody to share with just now: then nobody waits for it. */
  readonly isThere: boolean;
  /** Up to which change this process has heard of all: to be noted when a reading begins. `null` where nobody can tell. */
  readonly position: string | null;
  /**
   * Reads some ids: what the others know, what they read meanwhile, and the rest by `fetch`.
   *
   * @param wouldTake whether something that another process read may be answered with.
   */
  read(
    ids: readonly K[],
    wouldTake: (id: K, value: V | null, times: ReadTime) => boolean,
    fetch: FetchMany<K, V>,
  ): ReadonlyMap<K, Promise<Arrived<K, V>>>;
  /** What is there of some ids: nobody is waited for, and nothing is read. */
  find(
    ids: readonly K[],
    wouldTake: (id: K, value: V | null, times: ReadTime) => boolean,
  ): Promise<ReadonlyMap<K, SharedValue<V>>>;
  /** Has something that is remembered go to the others; whoever waits for it reads it there. */
  put(id: K, entry: CacheEntry, position: string | null): void;
  /** What was read is not for the others: whoever waits for it reads it. */
  leave(id: K): void;
}
