import type { Clock } from "../domain/Clock.js";
import type { SiteError } from "../domain/SiteError.js";
import { Crowd, currentWaiter, workFor } from "../http/Waiting.js";
import { Distribution } from "../observability/metrics/families.js";
import { type CacheScope, cacheKeyStart, idOfCacheKey, KeysOfIds } from "./cacheKey.js";
import { aheadOf, type Flight, mayJoin } from "./Flight.js";
import type { CacheEntry, Ground, ReadTime, TtlCache } from "./TtlCache.js";

/** A value, `null` for "not visible", or the reason why this one could not be read (a `SiteError`, or a bug of ours). */
export type ReadOutcome<V> = V | null | Error;

/**
 * A value, or `null` for "not visible", and when it was read: the oldest part of it, where it rests on several. What is
 * remembered is its entry; what is not (it has gaps, or no lifetime) was never current.
 */
export interface Dated<V> extends Ground {
  readonly value: V | null;
  readonly readAtMs: number;
  /** Until when it may be answered with, though it be stale. */
  readonly servableUntilMs: number;
}

/** On what terms one fetch is made. */
export interface FetchTerms {
  /** Nothing may rest on what was read before. */
  readonly notBeforeMs: number;
  /** Read again behind a stale answer that is served meanwhile: nobody waits, so nothing may rest on what is stale itself. */
  readonly isRevalidation: boolean;
}

/** What one fetch brought. */
export interface Fetched<K, V> {
  /** An id that is absent is not visible. */
  readonly found: ReadonlyMap<K, V | SiteError>;
  /** When the oldest part was read that an answer rests on; `undefined` where it rests on this fetch alone. */
  asOfMs(id: K): number | undefined;
}

/** What of one kind a change may have made untrue: some ids, everything, what says so itself, or what we know better by now. */
export type Touched<K extends string, V> =
  | readonly K[]
  | "all"
  | { where(value: V, id: K): boolean }
  | { readonly revise: K; to(value: V): V };

/** How many stale things of one kind are read again at once. */
const readAgainAtOnce = 500;

/** What became of the questions for one kind of thing since the start. */
class ReadCounts {
  /** Looks for an id that were answered from memory. */
  hits = 0;
  /** Of these, the ones that were answered with something stale. */
  stale = 0;
  /** Ids that were being read already, for somebody else. */
  joined = 0;
  /** Ids that upstream was asked for, because somebody waited for them. */
  misses = 0;
  /** Ids that upstream was asked for in one go, for whatever reason. */
  readonly batches = new Distribution([1, 2, 5, 10, 25, 50, 100, 250, 500]);
}

interface ReadThroughOptions<K extends string, V> {
  readonly name: string;
  readonly scope: CacheScope;
  readonly cache: TtlCache;
  readonly clock: Clock;
  /** How long a value is fresh. */
  lifetimeMsOf(value: V): number;
  readonly missLifetimeMs: number;
  /** How many ids one fetch may carry; `Number.POSITIVE_INFINITY` where the fetch makes a call a key anyway. */
  readonly maxKeysPerFetch: number;
  /** Reads many from upstream. May also reject: then every id failed. */
  fetch(ids: readonly K[], terms: FetchTerms): Promise<Fetched<K, V>>;
  /** Estimated heap of a value in bytes. */
  sizeOf(value: V): number;
  /** False for what was read at a time that does not count any more. */
  isTrusted(read: ReadTime): boolean;
  /** False for a value that must not be remembered, such as a list with gaps. */
  mayRemember(value: V): boolean;
  /** Something could not be read again behind a stale answer: nobody waits for it, and nobody else hears of it. */
  onFailureBehind?(error: Error): void;
}

/**
 * One kind of thing of one site, read through the cache: one flight a key however many ask, stale answers served while
 * they are read again, failures never remembered. Process-wide; request-scoped loaders stand in front of it.
 */
export class ReadThrough<K extends string, V> {
  readonly counts = new ReadCounts();
  readonly #options: ReadThroughOptions<K, V>;
  readonly #keys: KeysOfIds;
  readonly #flights = new Map<K, Flight<Dated<V> | Error>>();
  /** What is stale and is to be read again. */
  readonly #stale = new Set<K>();
  #isReadingAgain = false;
  /** No read that began before may be remembered: it may hold what was forgotten then. */
  #notRememberedBeforeMs = 0;
  #version = 0;

  constructor(options: ReadThroughOptions<K, V>) {
    this.#options = options;
    this.#keys = new KeysOfIds(cacheKeyStart(options.scope, options.name));
  }

  /** What is known without asking: the value, `null` for a remembered miss, `undefined` when upstream must be asked. */
  peek(id: K, notBeforeMs: number): V | null | undefined {
    return this.peekDated(id, notBeforeMs)?.value;
  }

  /** The same, with its age. */
  peekDated(id: K, notBeforeMs: number): Dated<V> | undefined {
    const entry = this.#trusted(id, notBeforeMs);
    if (entry !== undefined && !this.#options.cache.isFresh(entry)) {
      this.counts.stale += 1;
      this.#revalidate(id);
    }
    return entry as Dated<V> | undefined;
  }

  /** Has an id that is answered with be kept before others, as looking at it does. */
  touch(id: K): void {
    this.#options.cache.peek(this.#keyOf(id), 0);
  }

  /** Has something stale that is answered with be read again, unless it is under way. */
  readAgain(id: K): void {
    this.#revalidate(id);
  }

  /** What is remembered, however old, as `peek` tells it; not read again for that. For who looks through many. */
  remembered(id: K, notBeforeMs = 0): V | null | undefined {
    return this.rememberedDated(id, notBeforeMs)?.value;
  }

  /** The same, with its age. */
  rememberedDated(id: K, notBeforeMs = 0): Dated<V> | undefined {
    return this.#trusted(id, notBeforeMs) as Dated<V> | undefined;
  }

  /** The id of something that is remembered and fits, however old; looks through all that is. */
  findRemembered(fits: (value: V) => boolean): K | undefined {
    const { cache, scope, name } = this.#options;
    const start = cacheKeyStart(scope, name);
    for (const [key, { value }] of cache.entriesFrom(start)) {
      if (value !== null && fits(value as V)) return idOfCacheKey(key, start) as K;
    }
    return undefined;
  }

  /** Whether an id would be answered without any call, now or behind the answer. */
  isFresh(id: K, notBeforeMs: number): boolean {
    const entry = this.#trusted(id, notBeforeMs);
    return entry !== undefined && this.#options.cache.isFresh(entry);
  }

  /** Reads many: from the cache, by joining reads under way, and the rest from upstream in as few fetches as allowed. */
  async readMany(ids: readonly K[], notBeforeMs: number): Promise<ReadOutcome<V>[]> {
    const outcomes = await this.readManyDated(ids, notBeforeMs);
    return outcomes.map((outcome) => (outcome instanceof Error ? outcome : outcome.value));
  }

  /** The same, each with its age. */
  async readManyDated(ids: readonly K[], notBeforeMs: number): Promise<(Dated<V> | Error)[]> {
    if (currentWaiter()?.errand?.kind === "fresh-reading") {
      const ahead = aheadOf(
        ids.map((id) => this.#flights.get(id)),
        notBeforeMs,
      );
      if (ahead.length > 0) await Promise.all(ahead);
    }
    const loosely = new Set<K>();
    const outcomes = await this.#join(ids, notBeforeMs, loosely);
    // What was begun in time may have been put together from what is older: that is read once more, by itself.
    const old = loosely.size === 0 ? [] : ids.filter((id, at) => loosely.has(id) && isOlder(outcomes[at], notBeforeMs));
    if (old.length === 0) return outcomes;
    const anew = new Map((await this.#join(old, notBeforeMs, null)).map((outcome, index) => [old[index], outcome]));
    return ids.map((id, index) => anew.get(id) ?? outcomes[index] ?? new Error(`nothing was read for ${id}`));
  }

  /** @param loosely takes the ids of what was joined and may rest on something older; `null`: that is not joined. */
  async #join(ids: readonly K[], notBeforeMs: number, loosely: Set<K> | null): Promise<(Dated<V> | Error)[]> {
    const known = new Map<K, Dated<V> | Promise<Dated<V> | Error>>();
    const unread: K[] = [];
    for (const id of ids) {
      const entry = this.peekDated(id, notBeforeMs);
      const flight = this.#flights.get(id);
      if (entry !== undefined) known.set(id, entry);
      else if (flight !== undefined && mayJoin(flight, notBeforeMs, loosely === null)) {
        if (flight.notBeforeMs < notBeforeMs) loosely?.add(id);
        this.counts.joined += 1;
        flight.crowd.join(currentWaiter());
        known.set(id, flight.outcome);
      } else unread.push(id);
    }
    const started = this.#startFlights(unread, { notBeforeMs, isRevalidation: false });
    return Promise.all(
      ids.map(async (id) => (await (started.get(id) ?? known.get(id))) ?? new Error(`nothing was read for ${id}`)),
    );
  }

  /** Grows whenever anything comes to be remembered: for what is computed from it. */
  get version(): number {
    return this.#version;
  }

  /** Puts a value read elsewhere (a list names its members' facts) under its id. */
  prime(id: K, value: V, readAtMs: number): void {
    this.#remember(id, value, { readAtMs, beganAtMs: readAtMs });
  }

  /**
   * Puts a change of our own into what is remembered, keeping its age; forgets reads under way, which may not have seen
   * it. What is not remembered stays so.
   */
  revise(id: K, change: (value: V) => V): void {
    this.#flights.delete(id);
    const entry = this.#options.cache.peek(this.#keyOf(id), 0);
    if (entry === undefined || entry.value === null) return;
    this.#remember(id, change(entry.value as V), entry);
  }

  /** Forgets one id. A read under way is neither remembered nor joined by anyone who asks from now on. */
  drop(id: K): void {
    this.#flights.delete(id);
    this.#options.cache.drop(this.#keyOf(id));
  }

  /** Forgets what a change may have made untrue, and so does every read under way that may hold it. */
  forget(touched: Touched<K, V>): void {
    if (touched === "all") this.#forgetWhere(() => true);
    else if ("where" in touched) this.#forgetWhere((value, id) => value !== null && touched.where(value, id));
    else if ("revise" in touched) this.revise(touched.revise, (value) => touched.to(value));
    else for (const id of touched) this.drop(id);
  }

  #forgetWhere(isTouched: (value: V | null, id: K) => boolean): void {
    const { cache, clock, scope, name } = this.#options;
    this.#flights.clear();
    this.#notRememberedBeforeMs = clock.now();
    const start = cacheKeyStart(scope, name);
    for (const [key, { value }] of cache.entriesFrom(start)) {
      if (isTouched(value as V | null, idOfCacheKey(key, start) as K)) cache.drop(key);
    }
  }

  /** Stale ids of one turn of the event loop are read again together: 250 stale accounts are one call, not 250. */
  #revalidate(id: K): void {
    if (this.#flights.has(id) || this.#stale.has(id)) return;
    this.#stale.add(id);
    if (this.#isReadingAgain) return;
    this.#isReadingAgain = true;
    setImmediate(() => void this.#readStaleAgain());
  }

  /** Some at a time where there are many: what comes in together is put away in one go, and that must not take long. */
  async #readStaleAgain(): Promise<void> {
    for (let isFirst = true; ; isFirst = false) {
      const waiting = [...this.#stale].slice(0, readAgainAtOnce);
      for (const id of waiting) this.#stale.delete(id);
      const ids = waiting.filter((id) => !this.#flights.has(id) && (isFirst || !this.isFresh(id, 0)));
      const started = this.#startFlights(ids, { notBeforeMs: 0, isRevalidation: true });
      for (const outcome of started.values())
        void outcome.then((read) => read instanceof Error && this.#options.onFailureBehind?.(read));
      if (this.#stale.size === 0) break;
      await Promise.all(started.values());
    }
    this.#isReadingAgain = false;
  }

  #startFlights(ids: readonly K[], terms: FetchTerms): Map<K, Promise<Dated<V> | Error>> {
    const started = new Map<K, Promise<Dated<V> | Error>>();
    const distinct = [...new Set(ids)];
    for (let start = 0; start < distinct.length; start += this.#options.maxKeysPerFetch) {
      const chunk = distinct.slice(start, start + this.#options.maxKeysPerFetch);
      const startedAtMs = this.#options.clock.now();
      this.counts.batches.observe(chunk.length);
      if (!terms.isRevalidation) this.counts.misses += chunk.length;
      const crowd = new Crowd();
      crowd.join(terms.isRevalidation ? null : currentWaiter());
      const fetched = workFor(crowd, () => this.#fetch(chunk, terms));
      for (const id of chunk) {
        const flight: Flight<Dated<V> | Error> = {
          startedAtMs,
          notBeforeMs: terms.notBeforeMs,
          crowd,
          outcome: fetched.then((found) => this.#land(id, flight, found)),
        };
        this.#flights.set(id, flight);
        started.set(id, flight.outcome);
      }
    }
    return started;
  }

  async #fetch(ids: readonly K[], terms: FetchTerms): Promise<Fetched<K, V> | Error> {
    try {
      return await this.#options.fetch(ids, terms);
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  #land(id: K, flight: Flight<Dated<V> | Error>, fetched: Fetched<K, V> | Error): Dated<V> | Error {
    const mayRemember = this.#flights.get(id) === flight;
    if (mayRemember) this.#flights.delete(id);
    if (fetched instanceof Error) return fetched;
    const value = fetched.found.get(id) ?? null;
    if (value instanceof Error) return value;
    const readAtMs = Math.min(flight.startedAtMs, fetched.asOfMs(id) ?? flight.startedAtMs);
    const entry = mayRemember ? this.#remember(id, value, { readAtMs, beganAtMs: flight.startedAtMs }) : undefined;
    if (entry !== undefined && this.#options.isTrusted(entry)) return entry as Dated<V>;
    return { value, readAtMs, ...neverCurrent, freshUntilMs: readAtMs, servableUntilMs: readAtMs };
  }

  #remember(
    id: K,
    value: V | null,
    times: { readonly readAtMs: number; readonly beganAtMs: number },
  ): CacheEntry | undefined {
    if (value !== null && !this.#options.mayRemember(value)) return undefined;
    if (times.beganAtMs < this.#notRememberedBeforeMs) return undefined;
    this.#version += 1;
    return this.#options.cache.store(this.#keyOf(id), value, {
      readAtMs: times.readAtMs,
      beganAtMs: times.beganAtMs,
      lifetimeMs: value === null ? this.#options.missLifetimeMs : this.#options.lifetimeMsOf(value),
      bytes: value === null ? 0 : this.#options.sizeOf(value),
    });
  }

  #trusted(id: K, notBeforeMs: number): CacheEntry | undefined {
    const entry = this.#options.cache.peek(this.#keyOf(id), notBeforeMs);
    if (entry === undefined || !this.#options.isTrusted(entry)) return undefined;
    this.counts.hits += 1;
    return entry;
  }

  #keyOf(id: K): string {
    return this.#keys.of(id);
  }
}

/** What is not remembered. */
export const neverCurrent = { isCurrent: false, mark: { isCurrent: false } } as const;

function isOlder(outcome: Dated<unknown> | Error | undefined, notBeforeMs: number): boolean {
  return outcome !== undefined && !(outcome instanceof Error) && outcome.readAtMs < notBeforeMs;
}
