import type { Touched } from "../../cache/Reading.js";
import type { CacheKind, Lifetimes } from "../../cache/TtlCache.js";
import type { Found } from "../../confluence/fetchMany.js";
import type { ConfluenceSite } from "../../confluence/port.js";
import type { ChangeEvent } from "../../domain/Change.js";
import type { Clock } from "../../domain/Clock.js";
import { type Complete, mergeTrust, type Trust } from "../../domain/Complete.js";
import type { Operation, OperationSource } from "../../domain/Operation.js";
import type { SiteError } from "../../domain/SiteError.js";
import { heapEstimates } from "../limits.js";

/** What one loader is: what it reads, how it batches, how long an answer lives. Alignment by key is not its business. */
export interface LoaderDeclaration<K extends string, V> {
  readonly name: string;
  /** How upstream answers many keys. Never claims a batch that isn't one. */
  readonly upstream: "call-per-key" | { readonly bulk: number };
  readonly lifetime: Lifetime;
  /** Another lifetime for some answers. */
  lifetimeOf?(value: V): Lifetime;
  /**
   * Reads the keys. Process-wide: what it needs of other loaders it reads through the reader, which keeps account of it.
   *
   * @param handOn takes what was found for a key that is not answered in one call with others, so that nobody waits for those: the
   *   very value that is in the answer, when all that it rests on was read. Nothing with gaps: those are told in the order of the keys.
   */
  fetch(reader: FetchReader<K>, ids: readonly K[], handOn: (id: K, value: V) => void): Promise<Found<K, V>>;
  /** What of it a change of ours may have made untrue; the one place where that is said. */
  touchedBy(event: ChangeEvent, known: Remembered): Touched<K, V>;
  /** Estimated heap of a value, in bytes. */
  sizeOf(value: V): number;
  /** The gaps and assumptions that a value carries, for who puts it together with others. */
  trustOf?(value: V): Pick<Trust, "gaps" | "assumptions">;
  /** The value, trusted no further than the parts it was put together from. */
  withTrust?(value: V, parts: Trust): V;
  /** What a value tells beside itself, where another process read it: its own reading has told that by the way. */
  tells?(reader: ValueReader, value: V): void | Promise<void>;
  /** False for an answer that must not be remembered. Default: everything may be. */
  mayRemember?(value: V): boolean;
}

/** The kinds of things that loaders read; misses are each loader's own. */
type Lifetime = Exclude<CacheKind, "misses">;

/** The id of something that a site has one of: its group list, its role definitions. */
export const onlyOne = "*" as const;
export type OnlyOne = typeof onlyOne;

/** Declares a loader. Only a name for the type: a declaration is data, the machinery is `SiteStore` and `Loader`. */
export function defineLoader<K extends string, V>(declaration: LoaderDeclaration<K, V>): LoaderDeclaration<K, V> {
  return declaration;
}

interface ListDeclaration<K extends string, T>
  extends Pick<LoaderDeclaration<K, Complete<T>>, "name" | "upstream" | "lifetime" | "fetch" | "touchedBy" | "tells"> {
  /** Estimated heap of an item. */
  readonly bytesPerItem: number;
}

/** Declares a loader of lists: they carry what they rest on, and one with gaps is not remembered. */
export function defineListLoader<K extends string, T>({
  bytesPerItem,
  ...declaration
}: ListDeclaration<K, T>): LoaderDeclaration<K, Complete<T>> {
  return {
    ...declaration,
    sizeOf: (list) => heapEstimates.list + list.items.length * bytesPerItem,
    mayRemember: (list) => list.gaps.length === 0,
    trustOf: (list) => list,
    withTrust: (list, parts) => ({ ...list, ...mergeTrust([list, parts], list.asOfMs) }),
  };
}

/** What a value that was read is gone through with. */
export type ValueReader = Pick<FetchReader<never>, "prime" | "noteOperation" | "giveWay">;

/** What was read so far, as far as it is remembered. Asks nobody. */
export interface Remembered {
  readonly site: ConfluenceSite;
  /** `null` for a remembered miss, `undefined` for what is not remembered. */
  remembered<K extends string, V>(declaration: LoaderDeclaration<K, V>, id: K): V | null | undefined;
  /** The same of what was read last, though its time be over: where the site fails it may still be answered with. */
  lastRead<K extends string, V>(declaration: LoaderDeclaration<K, V>, id: K): V | null | undefined;
  /** Grows whenever more is remembered of a declaration. */
  versionOf<K extends string, V>(declaration: LoaderDeclaration<K, V>): number;
}

/** What the fetch of a declaration reads through: the site itself, and other loaders. `K` are the ids that are fetched. */
export interface FetchReader<K extends string> {
  readonly site: ConfluenceSite;
  readonly clock: Clock;
  readonly lifetimes: Lifetimes;
  /** Nothing may rest on what was read before: for what the site itself remembers. */
  readonly notBeforeMs: number;

  /** Reads of another loader what all answers of this fetch rest on; each outcome by itself. */
  readMany<PK extends string, PV>(
    declaration: LoaderDeclaration<PK, PV>,
    ids: readonly PK[],
  ): Promise<(PV | null | Error)[]>;

  /** Reads one such thing: the value, `null` when it is not visible; rejects when the read failed. */
  read<PK extends string, PV>(declaration: LoaderDeclaration<PK, PV>, id: PK): Promise<PV | null>;

  /**
   * Reads of another loader what decides whether and how the site is asked, not what it answers: its gaps and assumptions
   * count, its age does not. Grants live a minute; else they were born as old as the permission model, which lives ten.
   */
  consult<PK extends string, PV>(
    declaration: LoaderDeclaration<PK, PV>,
    ids: readonly PK[],
  ): Promise<(PV | null | Error)[]>;

  /** Reads of another loader, under the ids that are fetched, what the answer for each id rests on. */
  readEach<PV>(declaration: LoaderDeclaration<K, PV>, ids: readonly K[]): Promise<Found<K, PV>>;

  /** Answers some of the ids out of one thing of another loader; those, also the `null` of them, rest on it. */
  answerFrom<PK extends string, PV, V>(
    declaration: LoaderDeclaration<PK, PV>,
    id: PK,
    answer: (value: PV) => ReadonlyMap<K, V | null>,
  ): Promise<ReadonlyMap<K, V | null>>;

  /** What a list that was read put under the ids that are fetched, whichever process read it. */
  primedSince<PV>(
    declaration: LoaderDeclaration<K, PV>,
    ids: readonly K[],
    sinceMs: number,
  ): Promise<Map<K, PV | SiteError>>;

  /** Whether something would be answered without asking the site. */
  isAtHand<PK extends string, PV>(declaration: LoaderDeclaration<PK, PV>, id: PK): boolean;

  /** Puts what a list tells of its items under their ids. */
  prime<PK extends string, PV>(declaration: LoaderDeclaration<PK, PV>, id: PK, value: PV, readAtMs: number): void;

  /** Notes that an operation exists here: what was read is a catalogue of operations too. */
  noteOperation(operation: Operation, source: OperationSource): void;

  /**
   * Others have their turn now and then while a fetch goes through what it read, once in so many rows; `null`: it may go on. Who
   * goes row by row awaits nothing then: a promise takes longer than a row.
   */
  giveWay(rows: number): Promise<void> | null;
}
