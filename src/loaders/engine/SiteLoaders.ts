import type { Dated, Touched } from "../../cache/Reading.js";
import type { ReadThrough } from "../../cache/ReadThrough.js";
import type { Ground } from "../../cache/TtlCache.js";
import type { ChangeEvent } from "../../domain/Change.js";
import type { Trust } from "../../domain/Complete.js";
import { type SiteError, siteErrorOf } from "../../domain/SiteError.js";
import { Basis, Unchanged } from "./Basis.js";
import type { LoaderDeclaration, Remembered } from "./LoaderDeclaration.js";
import { Batch, ReadingTogether } from "./ReadingTogether.js";
import type { SiteStore } from "./SiteStore.js";

type Together = Map<LoaderDeclaration<never, never>, ReadingTogether<never, never>>;

/** All loaders of one site for one operation of a request. */
export class SiteLoaders implements Remembered {
  readonly #loaders = new Map<LoaderDeclaration<never, never>, Loader<never, never>>();
  readonly #memo = new Map<string, unknown>();
  readonly #made = new Map<unknown, unknown>();
  readonly #together: Together;

  constructor(
    readonly store: SiteStore,
    /** Answers read before this moment do not count: 0 for an ordinary request, its arrival for `no-cache`. */
    readonly notBeforeMs: number,
    /** What the answer rests on that these are read for. */
    readonly basis = new Basis(),
    /** The batches that these read in, which those of other operations of the request read in as well. */
    together: Together = new Map(),
  ) {
    this.#together = together;
    store.kept.dropUnused();
    // The same will not be answered again, but what will be read then.
    if (notBeforeMs > 0) basis.leaveOpen();
  }

  /** Others for the same answer that know nothing of what these have read. */
  apart(notBeforeMs = this.notBeforeMs): SiteLoaders {
    return new SiteLoaders(this.store, notBeforeMs, this.basis);
  }

  /** Others for another operation of the same request: they read in the same batches, and know nothing of what these have read. */
  beside(basis: Basis): SiteLoaders {
    return new SiteLoaders(this.store, this.notBeforeMs, basis, this.#together);
  }

  of<K extends string, V>(declaration: LoaderDeclaration<K, V>): Loader<K, V> {
    const key = declaration as LoaderDeclaration<never, never>;
    const existing = this.#loaders.get(key) as Loader<K, V> | undefined;
    if (existing !== undefined) return existing;
    const source = this.store.of(declaration);
    const known = this.#together.get(key) as ReadingTogether<K, V> | undefined;
    const together = known ?? new ReadingTogether(source, this.notBeforeMs);
    this.#together.set(key, together as ReadingTogether<never, never>);
    const created = new Loader(source, this.notBeforeMs, this.basis, together);
    this.#loaders.set(key, created as Loader<never, never>);
    return created;
  }

  /** Reads one thing that is no older than that, whatever these know: the value, or why it could not be read. */
  async readSince<K extends string, V>(
    declaration: LoaderDeclaration<K, V>,
    id: K,
    notBeforeMs: number,
  ): Promise<V | null | Error> {
    const source = this.store.of(declaration);
    // Who can do without asks a site that fails no more often than others do.
    const paused = this.basis.overdue.areAllowed ? source.pausedBy(id) : undefined;
    const [outcome] = paused === undefined ? await source.readManyDated([id], notBeforeMs) : [paused];
    if (outcome === undefined || outcome instanceof Error) {
      this.basis.leaveOpen();
      return outcome ?? null;
    }
    this.basis.restOn(outcome);
    return outcome.value;
  }

  /** The operations that were seen so far in what was read of the site. */
  seenOperations(): ReturnType<SiteStore["seenOperations"]["all"]> {
    const { seenOperations } = this.store;
    this.basis.restOn(new Unchanged(seenOperations));
    return seenOperations.all();
  }

  /** Computes something of this request once, such as an index over what was read. */
  once<T>(name: string, compute: () => T): T {
    if (!this.#memo.has(name)) this.#memo.set(name, compute());
    return this.#memo.get(name) as T;
  }

  /** What somebody makes for this operation, of what it was read for, as long as it lasts. */
  madeBy<Made>(maker: () => Made): Made {
    const known = this.#made.get(maker) as Made | undefined;
    if (known !== undefined) return known;
    const made = maker();
    this.#made.set(maker, made);
    return made;
  }

  /** The same of what is to be read: a promise as long as it is read, and at once from then on. */
  onceRead<T>(name: string, read: () => Promise<T>): T | Promise<T> {
    const known = this.#memo.get(name) as T | Promise<T> | undefined;
    if (known !== undefined) return known;
    const reading = read();
    this.#memo.set(name, reading);
    const settle = (value: T) => {
      if (this.#memo.get(name) === reading) this.#memo.set(name, value);
    };
    reading.then(settle, () => undefined);
    return reading;
  }

  get site(): SiteStore["site"] {
    return this.store.site;
  }

  remembered<K extends string, V>(declaration: LoaderDeclaration<K, V>, id: K): V | null | undefined {
    return this.of(declaration).remembered(id);
  }

  lastRead<K extends string, V>(declaration: LoaderDeclaration<K, V>, id: K): V | null | undefined {
    const known = this.of(declaration).known(id);
    return known === undefined ? this.store.lastRead(declaration, id) : known.value;
  }

  versionOf<K extends string, V>(declaration: LoaderDeclaration<K, V>): number {
    return this.store.versionOf(declaration);
  }

  /** Forgets in this request what a change may have made untrue, and all that was computed. */
  forget(event: ChangeEvent): void {
    const touched = [...this.#loaders].map(([{ touchedBy }, loader]) => ({ loader, what: touchedBy(event, this) }));
    for (const { loader, what } of touched) loader.forget(what);
    // What is read by now may not have seen it, whichever operation asked.
    for (const reading of this.#together.values()) reading.leave();
    this.#memo.clear();
    this.basis.leaveOpen();
  }
}

/**
 * The request-scoped front of one read-through. `get` answers synchronously what is known, so that a cached answer costs
 * no promise; what is not known is collected until the turn of the event loop ends and read together.
 */
export class Loader<K extends string, V> {
  readonly #known = new Map<K, Dated<V>>();
  /** What could not be read: it is not tried again for the same answer. */
  readonly #failed = new Map<K, Error>();
  readonly #together: ReadingTogether<K, V>;
  /** How often something was forgotten: what was asked for before is not known afterwards. */
  #forgotten = 0;
  /** How much was remembered when something was first looked for in vain, which an answer may rest on as well. */
  #missedAtVersion: number | null = null;
  readonly #basis: Basis;

  constructor(
    readonly source: ReadThrough<K, V>,
    readonly notBeforeMs: number,
    basis = new Basis(),
    together = new ReadingTogether(source, notBeforeMs),
  ) {
    this.#basis = basis;
    this.#together = together;
    basis.restOnAll(() => this.#grounds());
  }

  /** The value, `null` when it is not visible, or the promise of either; rejects when the read failed. */
  get(id: K): V | null | Promise<V | null> {
    const known = this.#find(id);
    if (known !== undefined) return known.value;
    return this.#failed.has(id) ? Promise.reject(this.#failed.get(id)) : this.#ask(id);
  }

  /** What is known without asking upstream; `undefined` when it would have to be asked. */
  peek(id: K): V | null | undefined {
    const known = this.#find(id);
    if (known === undefined) this.#missed();
    return known?.value;
  }

  /** Whether what came of an id is at hand, be it a failure. */
  hasOutcome(id: K): boolean {
    return this.#failed.has(id) || this.#find(id) !== undefined;
  }

  #find(id: K): Dated<V> | undefined {
    const known = this.#known.get(id) ?? this.source.peekDated(id, this.notBeforeMs);
    if (known !== undefined) this.#known.set(id, known);
    return known;
  }

  /** The same, but what is stale is not read again for having been looked at. */
  remembered(id: K): V | null | undefined {
    const known = this.#known.get(id) ?? this.source.rememberedDated(id, this.notBeforeMs);
    if (known === undefined) this.#missed();
    else this.#basis.restOn(known);
    return known?.value;
  }

  /** Whether it costs no call, now or behind the answer. */
  isFresh(id: K): boolean {
    if (this.#known.has(id)) return true;
    const isFresh = this.source.isFresh(id, this.notBeforeMs);
    // What is fresh and not read after all may grow stale: then the decision would have been another.
    const entry = isFresh ? this.source.rememberedDated(id, this.notBeforeMs) : undefined;
    if (entry === undefined) this.#missed();
    else this.#basis.restOn(entry);
    return isFresh;
  }

  /** How far what this request knows of an id can be trusted, of what is no list and does not say so itself. */
  trustOf(id: K, nowMs: number): Trust {
    const known = this.#known.get(id);
    return { gaps: [], asOfMs: known?.readAtMs ?? nowMs, assumptions: known?.overdue === undefined ? [] : ["STALE"] };
  }

  /** Whether this request has read nothing by it yet. */
  get isBlank(): boolean {
    return this.#known.size === 0;
  }

  /** What this request knows of an id, with its age and whether it still counts; `undefined` where it knows nothing. */
  known(id: K): Dated<V> | undefined {
    return this.#known.get(id);
  }

  /** Many outcomes, each by itself: a failure of one id is that id's `Error`. */
  async getMany(ids: readonly K[]): Promise<(V | null | Error)[]> {
    return this.getAll(ids);
  }

  /** The same, at once where all of them are known. */
  getAll(ids: readonly K[]): (V | null | Error)[] | Promise<(V | null | Error)[]> {
    const batches = new Set<Batch<K, V>>();
    const places = ids.map((id) => this.#find(id) ?? this.#failed.get(id) ?? this.#join(id, batches));
    if (batches.size === 0) return places.map((place) => toldBy(place as Dated<V> | Error));
    const forgotten = this.#forgotten;
    return Promise.all(Array.from(batches, ({ reading }) => reading)).then(() =>
      places.map((place, at) => toldBy(place instanceof Batch ? this.#take(ids[at] as K, place, forgotten) : place)),
    );
  }

  /** Forgets an id in this request. */
  clear(id: K): void {
    this.#basis.leaveOpen();
    this.#forgotten += 1;
    this.#known.delete(id);
    this.#failed.delete(id);
    this.#together.leave();
  }

  /** Forgets in this request what a change may have made untrue. */
  forget(touched: Touched<K, V>): void {
    if (touched === "all") this.#forgetWhere(() => true);
    else if ("where" in touched) this.#forgetWhere((value, id) => value !== null && touched.where(value, id));
    else if ("revise" in touched) this.clear(touched.revise);
    else for (const id of touched) this.clear(id);
  }

  #forgetWhere(isTouched: (value: V | null, id: K) => boolean): void {
    this.#forgotten += 1;
    this.#failed.clear();
    this.#together.leave();
    for (const [id, { value }] of this.#known) if (isTouched(value, id)) this.#known.delete(id);
  }

  #ask(id: K): Promise<V | null> {
    const batch = this.#together.batchOf(id, this.#basis.overdue);
    const forgotten = this.#forgotten;
    return batch.reading.then(() => {
      const outcome = this.#take(id, batch, forgotten);
      if (outcome instanceof Error) throw outcome;
      return outcome.value;
    });
  }

  #join(id: K, batches: Set<Batch<K, V>>): Batch<K, V> {
    const batch = this.#together.batchOf(id, this.#basis.overdue);
    batches.add(batch);
    return batch;
  }

  /** What came of an id: it is known from now on, unless something was forgotten since it was asked for. */
  #take(id: K, batch: Batch<K, V>, forgotten: number): Dated<V> | Error {
    const outcome = batch.outcomeOf(id);
    const isToBeKept = forgotten === this.#forgotten;
    if (outcome instanceof Error) {
      this.#basis.leaveOpen();
      if (isToBeKept) this.#failed.set(id, outcome);
      return outcome;
    }
    if (outcome.overdue !== undefined) this.#basis.overdue.note(this.source, outcome);
    if (isToBeKept) this.#known.set(id, outcome);
    return outcome;
  }

  #missed(): void {
    this.#missedAtVersion ??= this.source.version;
  }

  *#grounds(): Iterable<Ground> {
    yield* this.#known.values();
    if (this.#missedAtVersion !== null) yield new Unchanged(this.source, this.#missedAtVersion);
  }
}

/**
 * Has what many rows ask for be read together, with one promise for all of them: each of them has it at hand then, or has it fail. At
 * once where what the first asks for is at hand: so is that of the others then, nearly always, and who asks for more waits by itself.
 */
export function readTogether<K extends string, V>(
  declaration: LoaderDeclaration<K, V>,
  items: readonly { readonly loaders: SiteLoaders; readonly id: K }[],
): undefined | Promise<undefined> {
  const [first] = items;
  if (first === undefined || first.loaders.of(declaration).hasOutcome(first.id)) return undefined;
  const bySite = new Map<SiteLoaders, Set<K>>();
  for (const { loaders, id } of items) {
    const ids = bySite.get(loaders) ?? new Set<K>();
    bySite.set(loaders, ids.add(id));
  }
  const readings = Array.from(bySite, ([loaders, ids]) => loaders.of(declaration).getMany([...ids]));
  return Promise.all(readings).then(() => undefined);
}

function toldBy<V>(outcome: Dated<V> | Error): V | null | Error {
  return outcome instanceof Error ? outcome : outcome.value;
}

/** What loaders answer for each of many, at once where all of it is at hand. */
export function allOf<T>(readings: readonly (T | Promise<T>)[]): T[] | Promise<T[]> {
  const values: T[] = [];
  for (const reading of readings) {
    if (reading instanceof Promise) return Promise.all(readings);
    values.push(reading);
  }
  return values;
}

/**
 * Goes on with what a loader answers, at once where that is at hand: promises are what a cached answer costs most. A read
 * that fails rejects, or goes on with `failed`; a bug of ours always rejects.
 */
export function whenRead<T, R>(
  reading: T | Promise<T>,
  go: (value: T) => R | Promise<R>,
  failed?: (error: SiteError) => R | Promise<R>,
): R | Promise<R> {
  if (!(reading instanceof Promise)) return go(reading);
  return failed === undefined ? reading.then(go) : reading.then(go, (error: unknown) => failed(siteErrorOf(error)));
}
