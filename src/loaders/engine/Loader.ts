import type { Dated, Touched } from "../../cache/Reading.js";
import type { ReadThrough } from "../../cache/ReadThrough.js";
import type { Ground } from "../../cache/TtlCache.js";
import type { Trust } from "../../domain/Complete.js";
import { Basis, Unchanged } from "./Basis.js";
import { Batch, ReadingTogether } from "./ReadingTogether.js";

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

  /** Whether anything was asked for that was not at hand. */
  get hasAsked(): boolean {
    return this.#together.hasBegun;
  }

  #find(id: K): Dated<V> | undefined {
    const noted = this.#known.get(id);
    if (noted !== undefined) return noted;
    // Thousands of rows name what is being read: it is not looked for anew for each of them.
    if (this.#together.isAsked(id, this.#basis.overdue)) return undefined;
    const known = this.source.peekDated(id, this.notBeforeMs);
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
    const batches = new Map<Batch<K, V>, K | undefined>();
    const places = ids.map((id) => this.#find(id) ?? this.#failed.get(id) ?? this.#join(id, batches));
    if (batches.size === 0) return places.map((place) => toldBy(place as Dated<V> | Error));
    const forgotten = this.#forgotten;
    return Promise.all(Array.from(batches, ([batch, only]) => batch.whenRead(only))).then(() =>
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
    return batch.whenRead(id).then(() => {
      const outcome = this.#take(id, batch, forgotten);
      if (outcome instanceof Error) throw outcome;
      return outcome.value;
    });
  }

  /** @param batches takes the batch, and which id it is of where that is the only one: many are waited for with one promise. */
  #join(id: K, batches: Map<Batch<K, V>, K | undefined>): Batch<K, V> {
    const batch = this.#together.batchOf(id, this.#basis.overdue);
    batches.set(batch, batches.has(batch) ? undefined : id);
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

function toldBy<V>(outcome: Dated<V> | Error): V | null | Error {
  return outcome instanceof Error ? outcome : outcome.value;
}
