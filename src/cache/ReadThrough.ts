import type { SiteId } from "../domain/ids.js";
import type { SiteError } from "../domain/SiteError.js";
import { Crowd, currentWaiter, workFor } from "../http/Waiting.js";
import { FailingReads } from "./FailingReads.js";
import { type Flight, isNobodyThere, nothingRead } from "./Flight.js";
import { Fetching, Flights } from "./Flights.js";
import { JoinedReads, type Taker } from "./JoinedReads.js";
import { KindMemory, type TimeOfReading } from "./KindMemory.js";
import {
  type Dated,
  type FetchTerms,
  neverCurrent,
  ReadCounts,
  type ReadOutcome,
  type ReadThroughOptions,
  type Touched,
} from "./Reading.js";
import { type Arrived, type SecondLevel, SharedValue } from "./SecondLevel.js";
import { StaleReads } from "./StaleReads.js";
import type { CacheEntry } from "./TtlCache.js";
import { Upstream } from "./Upstream.js";

/**
 * One kind of thing of one site, read through the cache: one flight a key however many ask, stale answers served while
 * they are read again, failures never remembered. Process-wide; request-scoped loaders stand in front of it.
 */
export class ReadThrough<K extends string, V> {
  readonly counts = new ReadCounts();
  readonly #options: ReadThroughOptions<K, V>;
  readonly #memory: KindMemory<K, V>;
  readonly #upstream: Upstream<K, V>;
  readonly #shared: SecondLevel<K, V> | null;
  readonly #flights = new Flights<K, Dated<V> | Error>();
  readonly #reads: JoinedReads<K, V>;
  readonly #failing: FailingReads<K, V>;
  readonly #stale: StaleReads<K>;

  /** @param shared what other processes read of it, where there are any. */
  constructor(options: ReadThroughOptions<K, V>, shared: SecondLevel<K, V> | null = null) {
    this.#options = options;
    this.#shared = shared;
    this.#upstream = new Upstream(options, this.counts);
    this.#stale = new StaleReads<K>({
      isUnderWay: (id) => this.#flights.has(id),
      isFresh: (id) => this.isFresh(id, 0),
      read: (ids) => this.#startFlights(ids, { notBeforeMs: 0, isRevalidation: true }),
      onFailure: (error) => options.onFailureBehind?.(error),
    });
    this.#failing = new FailingReads(options.overdue);
    this.#memory = new KindMemory(options);
    this.#reads = new JoinedReads<K, V>({
      flights: this.#flights,
      counts: this.counts,
      peek: (id, notBeforeMs) => this.peekDated(id, notBeforeMs),
      start: (ids, notBeforeMs) => this.#startFlights(ids, { notBeforeMs, isRevalidation: false }),
    });
  }

  get name(): string {
    return this.#options.name;
  }

  /** Whether each id is read by a call of its own, so that some may be there before others. */
  get isReadOneByOne(): boolean {
    return this.#options.maxKeysPerFetch === Number.POSITIVE_INFINITY;
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
    const nowMs = this.#options.clock.now();
    const entry = this.#trusted(id, notBeforeMs, nowMs);
    if (entry !== undefined && !this.#memory.isFresh(entry, nowMs)) {
      this.counts.stale += 1;
      this.readAgain(id);
    }
    return entry as Dated<V> | undefined;
  }

  /** Has an id that is answered with be kept before others, as looking at it does. */
  touch(id: K): void {
    this.#memory.touch(id);
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
    return this.#memory.last(id)?.value as V | null | undefined;
  }

  /** The id of something that is remembered and fits, however old; looks through all that is. */
  findRemembered(fits: (value: V) => boolean): K | undefined {
    return this.#memory.find(fits);
  }

  /** Whether an id would be answered without any call, now or behind the answer. */
  isFresh(id: K, notBeforeMs: number): boolean {
    const entry = this.#trusted(id, notBeforeMs);
    return entry !== undefined && this.#memory.isFresh(entry);
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
    const outcomes = new Map<K, Dated<V> | Error>();
    const take = (id: K, outcome: Dated<V> | Error) => void outcomes.set(id, outcome);
    await this.readEachDated(ids, { notBeforeMs, mayBeOverdue }, { take });
    return ids.map((id) => outcomes.get(id) ?? nothingRead(id));
  }

  /** The same, each as soon as it is there. Each comes once, before this ends. */
  async readEachDated(
    ids: readonly K[],
    { notBeforeMs, mayBeOverdue }: { readonly notBeforeMs: number; readonly mayBeOverdue: boolean },
    taker: Taker<K, V>,
  ): Promise<void> {
    if (!mayBeOverdue || notBeforeMs > 0 || this.#options.overdue === undefined)
      return this.#reads.readEach(ids, notBeforeMs, taker);
    // What is known to fail is answered at once, and asked for behind that when it is time.
    const asked: K[] = [];
    for (const id of ids) {
      const known = this.#failing.size === 0 ? undefined : this.#overdue(id);
      if (known === undefined) asked.push(id);
      else taker.take(id, known);
    }
    return this.#reads.readEach(asked, 0, {
      take: (id, outcome) => {
        const isFailure = outcome instanceof Error || this.#failureIn(outcome) !== null;
        taker.take(id, isFailure ? (this.#overdue(id) ?? outcome) : outcome);
      },
    });
  }

  /** What is remembered of an id whose time is over and that cannot be read again; `undefined` where there is no such thing. */
  #overdue(id: K): Dated<V> | undefined {
    const { clock, isTrusted } = this.#options;
    const entry = this.#memory.last(id);
    if (entry === undefined || entry.value === null || !isTrusted(entry)) return undefined;
    const answer = this.#failing.answer(id, entry, clock.now());
    if (answer === undefined) return undefined;
    this.touch(id);
    this.readAgain(id);
    this.counts.overdue += 1;
    return answer;
  }

  /** Has what other processes know of some ids be remembered here, where nothing is. Reads nothing. */
  async gather(ids: readonly K[], sinceMs: number): Promise<void> {
    const unknown = this.#shared?.isThere === true ? ids.filter((id) => !this.#memory.trusted(id, sinceMs)) : [];
    if (unknown.length === 0) return;
    const found = await this.#shared?.find(
      unknown,
      (id, value, times) => times.readAtMs >= sinceMs && this.#memory.wouldTake(id, value, times, false),
    );
    for (const [id, { value, times }] of found ?? []) this.#memory.remember(id, value, times);
  }

  /** Grows whenever anything comes to be remembered: for what is computed from it. */
  get version(): number {
    return this.#memory.version;
  }

  /** Puts a value read elsewhere (a list names its members' facts) under its id. Without a position it is not for other processes. */
  prime(id: K, value: V, readAtMs: number, position: string | null = null): void {
    const before = position === null ? undefined : this.#memory.last(id);
    const entry = this.#memory.remember(id, value, { readAtMs, beganAtMs: readAtMs });
    // What was fresh is there already: fifty lists that name the same account put it there once.
    const isKnown = before !== undefined && before.value !== null && this.#memory.isFresh(before);
    if (entry !== undefined && position !== null && !isKnown) this.#shared?.put(id, entry, position);
  }

  /**
   * Puts a change of our own into what is remembered, keeping its age; forgets reads under way, which may not have seen
   * it, and lets nothing that was begun before take its place. What is not remembered, or not any more, is forgotten.
   */
  revise(id: K, change: (value: V) => V): void {
    const entry = this.#memory.trusted(id, 0);
    this.drop(id, false);
    if (entry === undefined || entry.value === null) return;
    const times = { readAtMs: entry.readAtMs, beganAtMs: this.#options.clock.now() };
    this.#memory.remember(id, change(entry.value as V), times);
  }

  /** Forgets one id. A read under way is neither remembered nor joined by anyone who asks from now on. */
  drop(id: K, isOwnWanted = true): void {
    this.#flights.drop(id);
    this.#failing.clear(id);
    this.#memory.drop(id, isOwnWanted);
  }

  /** Forgets what a change may have made untrue, and so does every read under way that may hold it. */
  forget(touched: Touched<K, V>): void {
    if (touched === "all") this.abandon(() => true);
    else if ("where" in touched) this.abandon((value, id) => value !== null && touched.where(value, id));
    else if ("revise" in touched) this.revise(touched.revise, (value) => touched.to(value));
    else for (const id of touched) this.drop(id, false);
  }

  /** Nothing that is being read may be remembered or joined any more; nor does anything count that is remembered and touched. */
  abandon(isTouched?: (value: V | null, id: K) => boolean): void {
    this.#flights.clear();
    this.#memory.dropWhere(isTouched);
  }

  /** Has something stale that is answered with be read again, unless it is under way or failed just now. */
  readAgain(id: K): void {
    if (this.#flights.has(id) || this.#stale.has(id) || this.pausedBy(id) !== undefined) return;
    this.#stale.add(id);
  }

  #startFlights(ids: readonly K[], terms: FetchTerms): Map<K, Promise<Dated<V> | Error>> {
    const started = new Map<K, Promise<Dated<V> | Error>>();
    if (ids.length === 0 || isNobodyThere()) return started;
    const distinct = [...new Set(ids)];
    const position = this.#shared?.position ?? null;
    for (const chunk of this.#mayShare(terms) ? [distinct] : this.#upstream.chunksOf(distinct)) {
      const startedAtMs = this.#options.clock.now();
      const crowd = new Crowd();
      crowd.join(terms.isRevalidation ? null : currentWaiter());
      const arriving = workFor(crowd, () => this.#read(chunk, terms));
      const fetching = new Fetching<K, Dated<V> | Error>(chunk.length);
      for (const id of chunk) {
        const flight: Flight<Dated<V> | Error> = {
          ...{ startedAtMs, position, crowd },
          notBeforeMs: terms.notBeforeMs,
          outcome: (arriving.get(id) as Promise<Arrived<K, V>>).then((arrived) => this.#land(id, flight, arrived)),
        };
        const isAtHand = terms.isRevalidation || this.#memory.trusted(id, 0) !== undefined;
        this.#flights.set(id, flight, fetching, isAtHand);
        started.set(id, flight.outcome);
      }
    }
    return started;
  }

  /** What is to be read now, and not to be known, is asked of the site alone. */
  #mayShare({ notBeforeMs }: FetchTerms): boolean {
    return notBeforeMs === 0 && this.#shared?.isThere === true;
  }

  /** From what the processes share, where they may, and from upstream. */
  #read(ids: readonly K[], terms: FetchTerms): ReadonlyMap<K, Promise<Arrived<K, V>>> {
    const shared = this.#shared;
    if (shared === null || !this.#mayShare(terms)) return this.#upstream.fetchMany(ids, terms);
    return shared.read(
      ids,
      (id, value, times) => this.#memory.wouldTake(id, value, times, terms.isRevalidation),
      (missing) => this.#upstream.fetchMany(missing, terms),
    );
  }

  #land(id: K, flight: Flight<Dated<V> | Error>, arrived: Arrived<K, V>): Dated<V> | Error {
    const mayRemember = this.#flights.land(id, flight);
    if (arrived instanceof SharedValue) {
      const taken = this.#take(id, arrived.value, arrived.times, mayRemember);
      if (taken.isCurrent && taken.freshUntilMs <= this.#options.clock.now()) this.readAgain(id);
      return taken;
    }
    const value = arrived instanceof Error ? arrived : (arrived.found.get(id) ?? null);
    if (arrived instanceof Error || value instanceof Error) {
      this.#shared?.leave(id);
      return this.#fail(id, flight, value as Error);
    }
    const readAtMs = Math.min(flight.startedAtMs, arrived.asOfMs(id) ?? flight.startedAtMs);
    const dated = this.#take(id, value, { readAtMs, beganAtMs: flight.startedAtMs }, mayRemember);
    if (dated.isCurrent) this.#shared?.put(id, dated as CacheEntry & Dated<V>, flight.position);
    else this.#shared?.leave(id);
    const failure = this.#failureIn(dated);
    if (failure !== null) this.#fail(id, flight, failure);
    return dated;
  }

  /** Remembers what was read, where it may be: then the answer is that, and else it was never current. */
  #take(id: K, value: V | null, times: TimeOfReading, mayRemember: boolean): Dated<V> {
    this.#learn(id, value);
    const entry = mayRemember ? this.#memory.remember(id, value, times) : undefined;
    if (entry !== undefined && this.#options.isTrusted(entry)) return entry as Dated<V>;
    const { readAtMs } = times;
    return { value, readAtMs, ...neverCurrent, freshUntilMs: readAtMs, servableUntilMs: readAtMs };
  }

  /** A read failed: what is remembered is not asked for again at once, and may have to do. */
  #fail(id: K, { crowd }: Flight<unknown>, error: Error): Error {
    const entry = crowd.isGone ? undefined : this.#memory.last(id);
    // What ended because nobody waited any more says nothing of the site.
    if (entry !== undefined && entry.value !== null) this.#failing.note(id, entry, error, this.#options.clock.now());
    return error;
  }

  /** Why what was read is short, where the site failed in the midst of it. */
  #failureIn({ value, isCurrent }: Dated<V>): SiteError | null {
    return value === null || isCurrent ? null : (this.#options.overdue?.failureIn(value) ?? null);
  }

  /** A read did not fail. That there is no such thing ends what is remembered of it, remembered or not. */
  #learn(id: K, value: V | null): void {
    this.#failing.clear(id);
    const entry = value === null ? this.#memory.last(id) : undefined;
    if (entry !== undefined) this.#failing.refuse(id, entry);
  }

  #trusted(id: K, notBeforeMs: number, nowMs?: number): CacheEntry | undefined {
    if (this.#flights.isEarly(id)) return undefined;
    const entry = this.#memory.trusted(id, notBeforeMs, nowMs);
    if (entry !== undefined) this.counts.hits += 1;
    return entry;
  }
}
