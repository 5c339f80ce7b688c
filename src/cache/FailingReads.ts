import type { SiteError, SiteErrorKind } from "../domain/SiteError.js";
import { isOfKind } from "../domain/SiteError.js";
import { type Dated, neverCurrent, type Overdue, type OverdueOptions } from "./Reading.js";
import type { CacheEntry, Mark } from "./TtlCache.js";

/** How long what failed is not asked for again behind what is answered meanwhile; twice as long after each failure. */
const pauses = { firstMs: 5_000, longestMs: 60_000 } as const;
/** Of so many things it is known that they fail. Of more it is found out anew. */
const mostFailing = 50_000;

/** Failures that say nothing of what was asked for, nor of who asks: the site did not get round to it. */
const sitesOwn: readonly SiteErrorKind[] = ["Throttled", "Overloaded", "Unreachable", "UpstreamFailed"];

/** Whether a failure is the site's own, so that it says nothing of what was asked for. */
export function saysNothing(kind: SiteErrorKind): boolean {
  return sitesOwn.includes(kind);
}

interface Failing {
  /** Of what is remembered of it, which is not kept for that. */
  readonly mark: Mark;
  readonly overdue: Overdue;
  readonly failures: number;
}

/**
 * What could not be read again while something older is remembered of it: when it is tried again, one retry a pause and not one a
 * reader, and whether the older may be answered with. It may not once the site has said no: a refusal and a "not there" are
 * answers.
 */
export class FailingReads<K extends string, V> {
  readonly #failing = new Map<K, Failing>();
  readonly #refused = new WeakSet<Mark>();
  readonly #marked = new WeakMap<CacheEntry, { readonly value: V }>();
  readonly #terms: OverdueOptions<V> | undefined;

  /** @param terms on which something is answered with after its time; `undefined`: nothing is. */
  constructor(terms: OverdueOptions<V> | undefined) {
    this.#terms = terms;
  }

  get size(): number {
    return this.#failing.size;
  }

  /** A read failed of which this is remembered. */
  note(id: K, entry: CacheEntry, error: Error, nowMs: number): void {
    if (!isOfKind(error, ...sitesOwn)) {
      this.refuse(id, entry);
      return;
    }
    const before = this.#failing.get(id);
    const failures = before?.mark === entry.mark ? before.failures + 1 : 1;
    const pauseMs = Math.min(pauses.longestMs, pauses.firstMs * 2 ** (failures - 1));
    const retryAtMs = nowMs + Math.max(pauseMs, Math.min(error.retryAfterMs ?? 0, pauses.longestMs));
    this.#failing.delete(id);
    this.#failing.set(id, { mark: entry.mark, failures, overdue: { error, retryAtMs } });
    if (this.#failing.size > mostFailing) this.#dropOldest();
  }

  /** The site said no, which is not taken back by a failure after it. */
  refuse(id: K, entry: CacheEntry): void {
    this.#failing.delete(id);
    this.#refused.add(entry.mark);
  }

  /** It was read again, or forgotten. */
  clear(id: K): void {
    this.#failing.delete(id);
  }

  /** Why it failed a moment ago, so that nobody asks for it behind an answer; `undefined` where it may be tried. */
  pausedBy(id: K, nowMs: number): SiteError | undefined {
    const overdue = this.#failing.get(id)?.overdue;
    return overdue !== undefined && nowMs < overdue.retryAtMs ? overdue.error : undefined;
  }

  /** What is remembered of an id as what it is answered with after its time; `undefined` where it may not be. */
  answer(id: K, entry: CacheEntry, nowMs: number): Dated<V> | undefined {
    const terms = this.#terms;
    const failing = this.#failing.get(id);
    if (terms === undefined || failing?.mark !== entry.mark || this.#refused.has(entry.mark)) return undefined;
    const { readAtMs, servableUntilMs } = entry;
    if (nowMs < servableUntilMs || nowMs - readAtMs > terms.maxAgeMs || !terms.isAllowed()) return undefined;
    terms.onAnswered(failing.overdue.error);
    // The very same for everyone: what is made of it is kept by that.
    const marked = this.#marked.get(entry) ?? { value: terms.mark(entry.value as V, readAtMs) };
    this.#marked.set(entry, marked);
    return { ...marked, ...neverCurrent, readAtMs, freshUntilMs: readAtMs, servableUntilMs, overdue: failing.overdue };
  }

  #dropOldest(): void {
    for (const id of this.#failing.keys()) {
      this.#failing.delete(id);
      return;
    }
  }
}
