import DataLoader from "dataloader";
import type { Dated, ReadThrough, Touched } from "../../cache/ReadThrough.js";
import type { ChangeEvent } from "../../domain/Change.js";
import { outcomeOf, type SiteError, siteErrorOf } from "../../domain/SiteError.js";
import type { LoaderDeclaration, Remembered } from "./LoaderDeclaration.js";
import type { SiteStore } from "./SiteStore.js";

/** All loaders of one site for one request. */
export class SiteLoaders implements Remembered {
  readonly #loaders = new Map<LoaderDeclaration<never, never>, Loader<never, never>>();
  readonly #memo = new Map<string, unknown>();

  constructor(
    readonly store: SiteStore,
    /** Answers read before this moment do not count: 0 for an ordinary request, its arrival for `no-cache`. */
    readonly notBeforeMs: number,
  ) {}

  of<K extends string, V>(declaration: LoaderDeclaration<K, V>): Loader<K, V> {
    const key = declaration as LoaderDeclaration<never, never>;
    const existing = this.#loaders.get(key) as Loader<K, V> | undefined;
    if (existing !== undefined) return existing;
    const created = new Loader(this.store.of(declaration), this.notBeforeMs);
    this.#loaders.set(key, created as Loader<never, never>);
    return created;
  }

  /** Computes something of this request once, such as an index over what was read. */
  once<T>(name: string, compute: () => T): T {
    if (!this.#memo.has(name)) this.#memo.set(name, compute());
    return this.#memo.get(name) as T;
  }

  get site(): SiteStore["site"] {
    return this.store.site;
  }

  remembered<K extends string, V>(declaration: LoaderDeclaration<K, V>, id: K): V | null | undefined {
    return this.of(declaration).remembered(id);
  }

  versionOf<K extends string, V>(declaration: LoaderDeclaration<K, V>): number {
    return this.store.versionOf(declaration);
  }

  /** Forgets in this request what a change may have made untrue, and all that was computed. */
  forget(event: ChangeEvent): void {
    const touched = [...this.#loaders].map(([{ touchedBy }, loader]) => ({ loader, what: touchedBy(event, this) }));
    for (const { loader, what } of touched) loader.forget(what);
    this.#memo.clear();
  }
}

/**
 * The request-scoped front of one read-through. `get` answers synchronously what is known, so that a cached answer costs
 * no promise; what is not known is collected until the turn of the event loop ends and read together.
 */
export class Loader<K extends string, V> {
  readonly #known = new Map<K, Dated<V>>();
  readonly #batch: DataLoader<K, V | null>;
  /** How often something was forgotten: what was asked for before is not known afterwards. */
  #forgotten = 0;

  constructor(
    readonly source: ReadThrough<K, V>,
    readonly notBeforeMs: number,
  ) {
    this.#batch = new DataLoader<K, V | null>((ids) => this.#readMany(ids), {
      // Keys that arrive after different numbers of awaits still belong to one batch: the default schedule would split them.
      batchScheduleFn: (dispatch) => setImmediate(dispatch),
    });
  }

  /** The value, `null` when it is not visible, or the promise of either; rejects when the read failed. */
  get(id: K): V | null | Promise<V | null> {
    const known = this.peek(id);
    return known !== undefined ? known : this.#batch.load(id);
  }

  /** What is known without asking upstream; `undefined` when it would have to be asked. */
  peek(id: K): V | null | undefined {
    const known = this.#known.get(id) ?? this.source.peekDated(id, this.notBeforeMs);
    if (known !== undefined) this.#known.set(id, known);
    return known?.value;
  }

  /** The same, but what is stale is not read again for having been looked at. */
  remembered(id: K): V | null | undefined {
    const known = this.#known.get(id);
    return known === undefined ? this.source.remembered(id, this.notBeforeMs) : known.value;
  }

  /** Whether it costs no call, now or behind the answer. */
  isFresh(id: K): boolean {
    return this.#known.has(id) || this.source.isFresh(id, this.notBeforeMs);
  }

  /** When what this request knows of an id was read; `undefined` where it knows nothing. */
  readAtMs(id: K): number | undefined {
    return this.#known.get(id)?.readAtMs;
  }

  /** What this request knows of an id, with its age and whether it still counts; `undefined` where it knows nothing. */
  known(id: K): Dated<V> | undefined {
    return this.#known.get(id);
  }

  /** Many outcomes, each by itself: a failure of one id is that id's `Error`. */
  getMany(ids: readonly K[]): Promise<(V | null | Error)[]> {
    return Promise.all(ids.map((id) => outcomeOf(this.get(id))));
  }

  /** Forgets an id in this request. */
  clear(id: K): void {
    this.#forgotten += 1;
    this.#known.delete(id);
    this.#batch.clear(id);
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
    this.#batch.clearAll();
    for (const [id, { value }] of this.#known) if (isTouched(value, id)) this.#known.delete(id);
  }

  async #readMany(ids: readonly K[]): Promise<(V | null | Error)[]> {
    const forgotten = this.#forgotten;
    const outcomes = await this.source.readManyDated(ids, this.notBeforeMs);
    return outcomes.map((outcome, index) => {
      if (outcome instanceof Error) return outcome;
      const id = ids[index];
      if (id !== undefined && forgotten === this.#forgotten) this.#known.set(id, outcome);
      return outcome.value;
    });
  }
}

/**
 * Goes on with what a loader answers, at once where that is at hand: promises are what a cached answer costs most. A read
 * that fails rejects, or goes on with `failed`; a bug of ours always rejects.
 */
export function whenRead<T, R>(
  reading: T | Promise<T>,
  go: (value: T) => R,
  failed?: (error: SiteError) => R,
): R | Promise<R> {
  if (!(reading instanceof Promise)) return go(reading);
  return failed === undefined ? reading.then(go) : reading.then(go, (error: unknown) => failed(siteErrorOf(error)));
}
