import type { ChangeEvent } from "../../domain/Change.js";
import { type SiteError, siteErrorOf } from "../../domain/SiteError.js";
import { Basis, Unchanged } from "./Basis.js";
import { Loader } from "./Loader.js";
import type { LoaderDeclaration, Remembered } from "./LoaderDeclaration.js";
import { ReadingTogether } from "./ReadingTogether.js";
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
 * Has what many rows ask for be read together, with one promise for all of them: each of them has it at hand then, or has it fail. At
 * once where nothing of it is asked for at all so far and what the first asks for is at hand: so is that of the others then, nearly
 * always, and who asks for more waits by itself.
 */
export function readTogether<K extends string, V>(
  declaration: LoaderDeclaration<K, V>,
  items: readonly { readonly loaders: SiteLoaders; readonly id: K }[],
): undefined | Promise<undefined> {
  const [first] = items;
  if (first === undefined) return undefined;
  const ofFirst = first.loaders.of(declaration);
  if (!ofFirst.hasAsked && ofFirst.hasOutcome(first.id)) return undefined;
  const bySite = new Map<SiteLoaders, Set<K>>();
  for (const { loaders, id } of items) {
    const ids = bySite.get(loaders) ?? new Set<K>();
    if (ids.has(id) || loaders.of(declaration).hasOutcome(id)) continue;
    bySite.set(loaders, ids.add(id));
  }
  if (bySite.size === 0) return undefined;
  const readings = Array.from(bySite, ([loaders, ids]) => loaders.of(declaration).getMany([...ids]));
  return Promise.all(readings).then(() => undefined);
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
