import { cacheKeyStart, idOfCacheKey, KeysOfIds } from "./cacheKey.js";
import type { ReadThroughOptions } from "./Reading.js";
import { type CacheEntry, type ReadTime, staleLifetimes } from "./TtlCache.js";

/** Over which time something was read that comes to be remembered: until now, where it is not said. */
export type TimeOfReading = Omit<ReadTime, "endedAtMs"> & Partial<Pick<ReadTime, "endedAtMs">>;

type Options<K extends string, V> = Pick<
  ReadThroughOptions<K, V>,
  "name" | "scope" | "cache" | "clock" | "lifetimeMsOf" | "missLifetimeMs" | "sizeOf" | "isTrusted" | "mayRemember"
>;

/** Ids of which a reading of our own is wanted that nobody makes after all. */
const mostOwnWanted = 1_000;

/** What is remembered of one kind of thing of one site, and what may come to be. */
export class KindMemory<K extends string, V> {
  readonly #options: Options<K, V>;
  readonly #keys: KeysOfIds;
  /** No read that began before may be remembered: it may hold what was forgotten then. */
  #notRememberedBeforeMs = 0;
  #version = 0;
  /** Whatever others know of these will not do. */
  readonly #ownWanted = new Set<K>();

  constructor(options: Options<K, V>) {
    this.#options = options;
    this.#keys = new KeysOfIds(cacheKeyStart(options.scope, options.name));
  }

  /** Grows whenever anything comes to be remembered: for what is computed from it. */
  get version(): number {
    return this.#version;
  }

  /** What may be answered with, and is trusted. */
  trusted(id: K, notBeforeMs: number, nowMs = this.#options.clock.now()): CacheEntry | undefined {
    const entry = this.#options.cache.peek(this.#keys.of(id), notBeforeMs, nowMs);
    return entry === undefined || !this.#options.isTrusted(entry) ? undefined : entry;
  }

  /** What was read last, however old, trusted or not. */
  last(id: K): CacheEntry | undefined {
    return this.#options.cache.lookAt(this.#keys.of(id));
  }

  /** Has an id be kept before others, as looking at it does. */
  touch(id: K): void {
    this.#options.cache.peek(this.#keys.of(id), 0);
  }

  isFresh(entry: CacheEntry, nowMs = this.#options.clock.now()): boolean {
    return this.#options.cache.isFresh(entry, nowMs);
  }

  /** The id of something that is remembered and fits, however old; looks through all that is. */
  find(fits: (value: V) => boolean): K | undefined {
    for (const [id, value] of this.#all()) if (value !== null && fits(value)) return id;
    return undefined;
  }

  /** Answers what is remembered now; `undefined` where it may not be. */
  remember(id: K, value: V | null, times: TimeOfReading): CacheEntry | undefined {
    const { cache, sizeOf, mayRemember } = this.#options;
    if (value !== null && !mayRemember(value)) return undefined;
    if (times.beganAtMs < this.#notRememberedBeforeMs) return undefined;
    this.#version += 1;
    const entry = cache.store(this.#keys.of(id), value, {
      ...times,
      lifetimeMs: this.#lifetimeMsOf(value),
      bytes: value === null ? 0 : sizeOf(value),
    });
    if (entry !== undefined) this.#ownWanted.delete(id);
    return entry;
  }

  /**
   * Whether something that another process read may be answered with as if it were remembered here: by its age, by when it was read
   * and as whom, and because nothing was forgotten since that it may hold.
   *
   * @param isFreshWanted something stale will not do.
   */
  wouldTake(id: K, value: V | null, times: ReadTime, isFreshWanted: boolean): boolean {
    const { clock, isTrusted, mayRemember } = this.#options;
    const lifetimes = value === null || isFreshWanted ? 1 : 1 + staleLifetimes;
    if (times.readAtMs + this.#lifetimeMsOf(value) * lifetimes <= clock.now()) return false;
    if (times.beganAtMs < this.#notRememberedBeforeMs || !isTrusted(times)) return false;
    if (value !== null && !mayRemember(value)) return false;
    if (this.#ownWanted.has(id)) return false;
    const held = this.last(id);
    return held === undefined || held.beganAtMs <= times.beganAtMs;
  }

  /**
   * Forgets an id; nothing that was begun before takes its place.
   *
   * @param isOwnWanted whether the next is to be read here: no two clocks tell whether another process began before or after.
   */
  drop(id: K, isOwnWanted: boolean): void {
    this.#options.cache.drop(this.#keys.of(id));
    if (!isOwnWanted) return;
    if (this.#ownWanted.size >= mostOwnWanted) this.#ownWanted.clear();
    this.#ownWanted.add(id);
  }

  /** The same with all that are touched, and with what is not remembered: it may be as well. */
  dropWhere(isTouched?: (value: V | null, id: K) => boolean): void {
    const { cache, clock } = this.#options;
    this.#notRememberedBeforeMs = clock.now();
    // Looking through everything takes its time: not where nothing can be touched.
    if (isTouched === undefined) return;
    for (const [id, value, key] of this.#all()) if (isTouched(value, id)) cache.drop(key);
  }

  #lifetimeMsOf(value: V | null): number {
    return value === null ? this.#options.missLifetimeMs : this.#options.lifetimeMsOf(value);
  }

  *#all(): Generator<[id: K, value: V | null, key: string]> {
    const { cache } = this.#options;
    const { start } = this.#keys;
    for (const [key, { value }] of cache.entriesFrom(start))
      yield [idOfCacheKey(key, start) as K, value as V | null, key];
  }
}
