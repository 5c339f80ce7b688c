import type { Clock } from "../domain/Clock.js";
import type { SiteError } from "../domain/SiteError.js";
import { Distribution } from "../observability/metrics/families.js";
import type { CacheScope } from "./cacheKey.js";
import type { Ground, ReadTime, TtlCache } from "./TtlCache.js";

/** A value, `null` for "not visible", or the reason why this one could not be read (a `SiteError`, or a bug of ours). */
export type ReadOutcome<V> = V | null | Error;

/** Why something is answered with though its time is over. */
export interface Overdue {
  /** Why it could not be read again. */
  readonly error: SiteError;
  /** When it is asked for again at the earliest. */
  readonly retryAtMs: number;
}

/**
 * A value, or `null` for "not visible", and when it was read: the oldest part of it, where it rests on several. What is
 * remembered is its entry; what is not (it has gaps, or no lifetime) was never current.
 */
export interface Dated<V> extends Ground {
  readonly value: V | null;
  readonly readAtMs: number;
  /** Until when it may be answered with, though it be stale. */
  readonly servableUntilMs: number;
  /** Set where it is answered with after that: the site failed, and the reader takes what is older then. */
  readonly overdue?: Overdue;
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

/** Takes what a fetch brought for some of its ids before it has brought the others. */
export interface Early<K, V> {
  /** Whether that is of use for an id: then it need not be in what the fetch answers in the end. */
  takes(id: K): boolean;
  handOn(id: K, fetched: Fetched<K, V>): void;
}

/** What of one kind a change may have made untrue: some ids, everything, what says so itself, or what we know better by now. */
export type Touched<K extends string, V> =
  | readonly K[]
  | "all"
  | { where(value: V, id: K): boolean }
  | { readonly revise: K; to(value: V): V };

/** What became of the questions for one kind of thing since the start. */
export class ReadCounts {
  /** Looks for an id that were answered from memory. */
  hits = 0;
  /** Of these, the ones that were answered with something stale. */
  stale = 0;
  /** Looks that were answered with something whose time is over, because the site failed. */
  overdue = 0;
  /** Ids that were being read already, for somebody else. */
  joined = 0;
  /** Ids that upstream was asked for, because somebody waited for them. */
  misses = 0;
  /** Ids that upstream was asked for in one go, for whatever reason. */
  readonly batches = new Distribution([1, 2, 5, 10, 25, 50, 100, 250, 500]);
}

/** On what terms something is answered with after its time. */
export interface OverdueOptions<V> {
  /** Why a value was not read whole, where the site failed in the midst of it: it is no more than one that failed at once. */
  failureIn(value: V): SiteError | null;
  /** How old it may be. */
  readonly maxAgeMs: number;
  /** False while the site refuses the credential: then nothing is told that it let us read. */
  isAllowed(): boolean;
  /** The value as what it is then. */
  mark(value: V, readAtMs: number): V;
  /** Told of each answer with something after its time, and why. */
  onAnswered(error: SiteError): void;
}

export interface ReadThroughOptions<K extends string, V> {
  readonly name: string;
  readonly scope: CacheScope;
  readonly cache: TtlCache;
  readonly clock: Clock;
  /** How long a value is fresh. */
  lifetimeMsOf(value: V): number;
  readonly missLifetimeMs: number;
  /** How many ids one fetch may carry; `Number.POSITIVE_INFINITY` where the fetch makes a call a key anyway. */
  readonly maxKeysPerFetch: number;
  /** Reads many from upstream. May also reject: then every id failed that was not handed on before. */
  fetch(ids: readonly K[], terms: FetchTerms, early: Early<K, V>): Promise<Fetched<K, V>>;
  /** Estimated heap of a value in bytes. */
  sizeOf(value: V): number;
  /** False for what was read at a time that does not count any more. */
  isTrusted(read: ReadTime): boolean;
  /** False for a value that must not be remembered, such as a list with gaps. */
  mayRemember(value: V): boolean;
  /** Something could not be read again behind a stale answer: nobody waits for it, and nobody else hears of it. */
  onFailureBehind?(error: Error): void;
  /** What may be answered with after its time, where the site fails; nothing where that is left out. */
  readonly overdue?: OverdueOptions<V>;
}

/** What is not remembered. */
export const neverCurrent = { isCurrent: false, mark: { isCurrent: false } } as const;

/** Whether something was read that rests on what is older than that. */
export function isOlder(outcome: Dated<unknown> | Error | undefined, notBeforeMs: number): boolean {
  return outcome !== undefined && !(outcome instanceof Error) && outcome.readAtMs < notBeforeMs;
}
