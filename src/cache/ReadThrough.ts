import type { SiteId } from "../domain/ids.js";
import { Crowd, currentWaiter, workFor } from "../http/Waiting.js";
import { cacheKeyStart, idOfCacheKey, KeysOfIds } from "./cacheKey.js";
import { FailingReads } from "./FailingReads.js";
import { aheadOf, type Flight, isNobodyThere, mayJoin, nothingRead } from "./Flight.js";
import {
  type Dated,
  type Fetched,
  type FetchTerms,
  isOlder,
  neverCurrent,
  ReadCounts,
  type ReadOutcome,
  type ReadThroughOptions,
  type Touched,
} from "./Reading.js";
import type { CacheEntry } from "./TtlCache.js";

/** How many stale things of one kind are read again at once. */
const readAgainAtOnce = 500;

/**
 * One kind of thing of one site, read through the cache: one flight a key however many ask, stale answers served while
 * they are read again, failures never remembered. Process-wide; request-scoped loaders stand in front of it.
 */
export class ReadThrough<K extends string, V> {
  readonly counts = new ReadCounts();
  readonly #options: ReadThroughOptions<K, V>;
  readonly #keys: KeysOfIds;
  readonly #flights = new Map<K, Flight<Dated<V> | Error>>();
  readonly #failing: FailingReads<K, V>;
  /** What is stale and is to be read again. */
  readonly #stale = new Set<K>();
  #isReadingAgain = false;
  /** No read that began before may be remembered: it may hold what was forgotten then. */
  #notRememberedBeforeMs = 0;
  #version = 0;

  constructor(options: ReadThroughOptions<K, V>) {
    this.#options = options;
    this.#failing = new FailingReads(options.overdue);
    this.#keys = new KeysOfIds(cacheKeyStart(options.scope, options.name));
  }

  get name(): string {
    return this.#options.name;
  }

  get siteId(): SiteId {
    return this.#options.scope.siteId;
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
      this.readAgain(id);
    }
    return entry as Dated<V> | undefined;
  }

  /** Has an id that is answered with be kept before others, as looking at it does. */
  touch(id: K): void {
    this.#options.cache.peek(this.#keyOf(id), 0);
  }

  /** What is remembered, however old, as `peek` tells it; not read again for that. For who looks through many. */
  remembered(id: K, notBeforeMs = 0): V | null | undefined {
    return this.rememberedDated(id, notBeforeMs)?.value;
  }

  /** The same, with its age. */
  rememberedDated(id: K, notBeforeMs = 0): Dated<V> | undefined {
    return this.#trusted(id, notBeforeMs) as Dated<V> | undefined;
  }

  /** What was read last, of what may still be answered with should the site fail: its time may be over. */
  lastRead(id: K): V | null | undefined {
    return this.#options.cache.lookAt(this.#keyOf(id))?.value as V | null | undefined;
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

  /** Why an id of which something is remembered could not be read a moment ago, while it is not asked for again. */
  pausedBy(id: K): Error | undefined {
    return this.#failing.pausedBy(id, this.#options.clock.now());
  }

  /** Reads many: from the cache, by joining reads under way, and the rest from upstream in as few fetches as allowed. */
  async readMany(ids: readonly K[], notBeforeMs: number): Promise<ReadOutcome<V>[]> {
    const outcomes = await this.readManyDated(ids, notBeforeMs);
    return outcomes.map((outcome) => (outcome instanceof Error ? outcome : outcome.value));
  }

  /**
   * The same, each with its age.
   *
   * @param mayBeOverdue where the site fails, what is remembered will do though its time is over: it says so. Only for who reads
   *   to answer a query; what is written rests on nothing of the kind, and neither does what is put together from it.
   */
  async readManyDated(ids: readonly K[], notBeforeMs: number, mayBeOverdue = false): Promise<(Dated<V> | Error)[]> {
    if (!mayBeOverdue || notBeforeMs > 0 || this.#options.overdue === undefined)
      return this.#readDated(ids, notBeforeMs);
    const overdue = new Map<K, Dated<V>>();
    // What is known to fail is answered at once, and asked for behind that when it is time.
    for (const id of this.#failing.size === 0 ? [] : ids) {
      const known = this.#overdue(id);
      if (known !== undefined) overdue.set(id, known);
    }
    const asked = overdue.size === 0 ? ids : ids.filter((id) => !overdue.has(id));
    const read = new Map((await this.#readDated(asked, 0)).map((outcome, index) => [asked[index], outcome]));
    return ids.map((id) => {
      const outcome = overdue.get(id) ?? read.get(id) ?? nothingRead(id);
      return outcome instanceof Error ? (this.#overdue(id) ?? outcome) : outcome;
    });
  }

  async #readDated(ids: readonly K[], notBeforeMs: number): Promise<(Dated<V> | Error)[]> {
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
    return ids.map((id, index) => anew.get(id) ?? outcomes[index] ?? nothingRead(id));
  }

  /** What is remembered of an id whose time is over and that cannot be read again; `undefined` where there is no such thing. */
  #overdue(id: K): Dated<V> | undefined {
    const { cache, clock, isTrusted } = this.#options;
    const entry = cache.lookAt(this.#keyOf(id));
    if (entry === undefined || entry.value === null || !isTrusted(entry)) return undefined;
    const answer = this.#failing.answer(id, entry, clock.now());
    if (answer === undefined) return undefined;
    this.touch(id);
    this.readAgain(id);
    this.counts.overdue += 1;
    return answer;
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
    return Promise.all(ids.map(async (id) => (await (started.get(id) ?? known.get(id))) ?? nothingRead(id)));
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
   * it, and lets nothing that was begun before take its place. What is not remembered, or not any more, is forgotten.
   */
  revise(id: K, change: (value: V) => V): void {
    const { cache, clock, isTrusted } = this.#options;
    const entry = cache.peek(this.#keyOf(id), 0);
    const isKept = entry !== undefined && entry.value !== null && isTrusted(entry);
    this.drop(id);
    if (isKept) this.#remember(id, change(entry.value as V), { readAtMs: entry.readAtMs, beganAtMs: clock.now() });
  }

  /** Forgets one id. A read under way is neither remembered nor joined by anyone who asks from now on. */
  drop(id: K): void {
    this.#flights.delete(id);
    this.#failing.clear(id);
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

  /**
   * Has something stale that is answered with be read again, unless it is under way or failed just now. Those of one turn of the
   * event loop are read together: 250 stale accounts are one call, not 250.
   */
  readAgain(id: K): void {
    if (this.#flights.has(id) || this.#stale.has(id) || this.pausedBy(id) !== undefined) return;
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
    if (isNobodyThere()) return started;
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
    if (fetched instanceof Error) return this.#fail(id, flight, fetched);
    const value = fetched.found.get(id) ?? null;
    if (value instanceof Error) return this.#fail(id, flight, value);
    this.#learn(id, value);
    const readAtMs = Math.min(flight.startedAtMs, fetched.asOfMs(id) ?? flight.startedAtMs);
    const entry = mayRemember ? this.#remember(id, value, { readAtMs, beganAtMs: flight.startedAtMs }) : undefined;
    if (entry !== undefined && this.#options.isTrusted(entry)) return entry as Dated<V>;
    return { value, readAtMs, ...neverCurrent, freshUntilMs: readAtMs, servableUntilMs: readAtMs };
  }

  /** A read failed: what is remembered is not asked for again at once, and may have to do. */
  #fail(id: K, { crowd }: Flight<unknown>, error: Error): Error {
    const { cache, clock } = this.#options;
    const entry = crowd.isGone ? undefined : cache.lookAt(this.#keyOf(id));
    // What ended because nobody waited any more says nothing of the site.
    if (entry !== undefined && entry.value !== null) this.#failing.note(id, entry, error, clock.now());
    return error;
  }

  /** A read did not fail. That there is no such thing ends what is remembered of it, remembered or not. */
  #learn(id: K, value: V | null): void {
    this.#failing.clear(id);
    const entry = value === null ? this.#options.cache.lookAt(this.#keyOf(id)) : undefined;
    if (entry !== undefined) this.#failing.refuse(id, entry);
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
