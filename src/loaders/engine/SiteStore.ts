import { type CacheScope, cacheKeyStart } from "../../cache/cacheKey.js";
import { saysNothing } from "../../cache/FailingReads.js";
import type { ReadThroughOptions } from "../../cache/Reading.js";
import { ReadThrough } from "../../cache/ReadThrough.js";
import { SharedKind } from "../../cache/shared/SharedKind.js";
import type { SharedCounts } from "../../cache/shared/SharedRead.js";
import type { SharedReadings } from "../../cache/shared/SharedReadings.js";
import type { Lifetimes, ReadTime, TtlCache } from "../../cache/TtlCache.js";
import type { ConfluenceSite } from "../../confluence/port.js";
import type { ChangeEvent, WhatChanged } from "../../domain/Change.js";
import type { Clock } from "../../domain/Clock.js";
import { errorFromGap } from "../../domain/Complete.js";
import type { Operation, OperationSource } from "../../domain/Operation.js";
import type { SiteError } from "../../domain/SiteError.js";
import type { SitePositions } from "../fleet/SiteChanges.js";
import { maxSeenOperations } from "../limits.js";
import { type ChangeEvents, tellOfWrites } from "./ChangeEvents.js";
import { KeptThings } from "./KeptThings.js";
import type { LoaderDeclaration, Remembered } from "./LoaderDeclaration.js";
import { StampingReader } from "./StampingReader.js";

interface SiteStoreOptions {
  readonly site: ConfluenceSite;
  readonly scope: CacheScope;
  readonly cache: TtlCache;
  readonly lifetimes: Lifetimes;
  readonly clock: Clock;
  readonly changes: ChangeEvents;
  /** Told of what could not be read again behind a stale answer, by the name of its declaration. */
  readonly onFailureBehind?: ((reading: string, error: Error) => void) | undefined;
  /** What queries may be answered with after its time, where the site fails; nothing where it is left out. */
  readonly overdue?: OverdueTerms | undefined;
  /** Where other processes have what they read of it; nothing where there are none. */
  readonly shared?: SharedOfSite | undefined;
}

/** What the processes of a deployment have of one site with one credential, and how far each has heard of changes. */
interface SharedOfSite {
  readonly readings: SharedReadings;
  readonly positions: SitePositions;
}

interface OverdueTerms {
  readonly maxAgeMs: number;
  /** False while the site refuses the credential. */
  isAllowed(): boolean;
  /** Told of each answer with something after its time, by the name of its declaration. */
  onAnswered(reading: string, error: Error): void;
}

const alone = { notBeforeMs: 0, isRevalidation: false } as const;

function without<K, V>(all: ReadonlyMap<K, V>, left: ReadonlySet<K>): ReadonlyMap<K, V> {
  return new Map([...all].filter(([id]) => !left.has(id)));
}

/** Everything read of one site with one credential, process-wide: a read-through for each declared loader. */
export class SiteStore implements Remembered {
  readonly site: ConfluenceSite;
  readonly clock: Clock;
  readonly lifetimes: Lifetimes;
  /** Where changes are told: of this site, and of its organization's others. */
  readonly changes: ChangeEvents;
  readonly seenOperations = new SeenOperations();
  /** What was made of all that, and is kept from request to request. */
  readonly kept: KeptThings;
  readonly #options: SiteStoreOptions;
  #distrusted = { fromMs: Number.POSITIVE_INFINITY, toMs: Number.NEGATIVE_INFINITY };
  // The map cannot say that the value's types follow from the key's; `of` is the only door and keeps them together.
  readonly #readThroughs = new Map<LoaderDeclaration<never, never>, ReadThrough<never, never>>();
  readonly #sharedKinds = new Map<string, SharedCounts>();

  constructor(options: SiteStoreOptions) {
    this.changes = options.changes;
    // Nothing is written but through here, so that no write can go untold.
    this.site = tellOfWrites(options.site, (what) => this.changes.tell(this, what, false));
    this.changes.join(this);
    this.clock = options.clock;
    this.kept = new KeptThings(options.clock);
    this.lifetimes = options.lifetimes;
    this.#options = options;
  }

  /** The read-through of a declaration; made at its first use. */
  of<K extends string, V>(declaration: LoaderDeclaration<K, V>): ReadThrough<K, V> {
    const key = declaration as LoaderDeclaration<never, never>;
    const existing = this.#readThroughs.get(key) as ReadThrough<K, V> | undefined;
    if (existing !== undefined) return existing;
    const { scope, cache, clock, lifetimes, onFailureBehind, overdue } = this.#options;
    const options: ReadThroughOptions<K, V> = {
      name: declaration.name,
      scope,
      cache,
      clock,
      lifetimeMsOf: (value) => lifetimes[declaration.lifetimeOf?.(value) ?? declaration.lifetime],
      missLifetimeMs: lifetimes.misses,
      maxKeysPerFetch: declaration.upstream === "call-per-key" ? Number.POSITIVE_INFINITY : declaration.upstream.bulk,
      fetch: async (ids, terms, early) => {
        const reader = new StampingReader<K>(this, terms);
        const handed = new Set<K>();
        const hand = (id: K, value: V) => {
          if (!early.takes(id)) return;
          handed.add(id);
          early.handOn(id, reader.stamp(declaration, new Map([[id, value]])));
        };
        const found = await declaration.fetch(reader, ids, hand);
        return reader.stamp(declaration, handed.size === 0 ? found : without(found, handed));
      },
      sizeOf: (value) => declaration.sizeOf(value),
      isTrusted: (read) => this.#isTrusted(read),
      mayRemember: (value) => declaration.mayRemember?.(value) ?? true,
      onFailureBehind: (error) => onFailureBehind?.(declaration.name, error),
      ...(overdue === undefined ? {} : { overdue: overdueTermsOf(declaration, overdue) }),
    };
    const created = new ReadThrough(options, this.#sharedOf(declaration));
    this.#readThroughs.set(key, created as ReadThrough<never, never>);
    return created;
  }

  #sharedOf<K extends string, V>(declaration: LoaderDeclaration<K, V>): SharedKind<K, V> | null {
    const { shared } = this.#options;
    if (shared === undefined) return null;
    const { readings, positions } = shared;
    const kind = new SharedKind<K, V>({
      readings,
      kind: declaration.name,
      position: () => positions.appliedPosition,
      isTouchedSince: (position, id, value) => positions.isTouchedSince(position, declaration, id, value),
      adopt: (value, noYoungerMs) => this.#adopt(declaration, value, noYoungerMs),
    });
    this.#sharedKinds.set(declaration.name, kind.counts);
    return kind;
  }

  /** What another process read, as if this one had: no younger than it is, and what it tells by the way told. */
  async #adopt<K extends string, V>(
    declaration: LoaderDeclaration<K, V>,
    value: V,
    noYoungerMs: number | null,
  ): Promise<V> {
    const trust = noYoungerMs === null ? null : { gaps: [], assumptions: [], asOfMs: noYoungerMs };
    const adopted = (trust && declaration.withTrust?.(value, trust)) ?? value;
    await declaration.tells?.(new StampingReader<never>(this, alone, false), adopted);
    return adopted;
  }

  /** Up to which change of any process this one has heard of all; `null` where there are no others, or nobody can tell. */
  get position(): string | null {
    return this.#options.shared?.positions.appliedPosition ?? null;
  }

  /** What became of the questions for each kind of thing among what the processes share; none where there are no others. */
  get sharedCounts(): ReadonlyMap<string, SharedCounts> {
    return this.#sharedKinds;
  }

  /** What became of the questions for each kind of thing since the start. */
  counts(): readonly { readonly kind: string; readonly counts: ReadThrough<never, never>["counts"] }[] {
    return [...this.#readThroughs].map(([{ name }, { counts }]) => ({ kind: name, counts }));
  }

  /** What was read from `sinceMs` until now does not count any more: it was read as somebody else. */
  distrust(sinceMs: number): void {
    const nowMs = this.clock.now();
    this.distrustBetween(sinceMs, nowMs);
    this.#options.shared?.readings.distrust(sinceMs, nowMs);
  }

  /** The same of what any process read in that time, as another one found out. */
  distrustBetween(sinceMs: number, untilMs: number): void {
    const { fromMs, toMs } = this.#distrusted;
    this.#distrusted = { fromMs: Math.min(fromMs, sinceMs), toMs: Math.max(toMs, Math.min(untilMs, this.clock.now())) };
    const { cache, scope } = this.#options;
    cache.distrust(cacheKeyStart(scope), (read) => this.#isTrusted(read));
  }

  /** No page of it was read at that time, however old what it rests on is; nor does it rest on anything that was. */
  #isTrusted({ readAtMs, beganAtMs, endedAtMs }: ReadTime): boolean {
    const { fromMs, toMs } = this.#distrusted;
    return (endedAtMs < fromMs || beganAtMs > toMs) && (readAtMs < fromMs || readAtMs > toMs);
  }

  remembered<K extends string, V>(declaration: LoaderDeclaration<K, V>, id: K): V | null | undefined {
    return this.of(declaration).remembered(id);
  }

  lastRead<K extends string, V>(declaration: LoaderDeclaration<K, V>, id: K): V | null | undefined {
    return this.of(declaration).lastRead(id);
  }

  versionOf<K extends string, V>(declaration: LoaderDeclaration<K, V>): number {
    return this.of(declaration).version;
  }

  /** Tells of a change that a reading has shown. Every call that is sent tells by itself what it may have done. */
  changed(what: WhatChanged): void {
    this.changes.tell(this, what, true);
  }

  /**
   * The same of what was asked for before: a process that made the change and ended before it could tell of it never will. Nothing
   * where there are no other processes: one that ends takes along what it remembers.
   */
  changedBefore(what: WhatChanged): void {
    if (this.#options.shared !== undefined) this.changed(what);
  }

  /** Forgets what a change may have made untrue. */
  forget(event: ChangeEvent): void {
    const touched = [...this.#readThroughs].map(([{ touchedBy }, readThrough]) => ({
      readThrough,
      what: touchedBy(event, this),
    }));
    for (const { readThrough, what } of touched) readThrough.forget(what);
  }

  /** Forgets everything: what others have changed meanwhile is not known. */
  forgetAll(): void {
    this.#options.cache.forgetAll();
    for (const readThrough of this.#readThroughs.values()) readThrough.abandon();
    this.kept.clear();
  }

  /** Reads one thing past every cache, with what it is put together from, and leaves it there for whoever reads next. */
  readAnew<K extends string, V>(declaration: LoaderDeclaration<K, V>, id: K): Promise<V | null> {
    this.of(declaration).drop(id);
    return this.read(declaration, id, this.clock.now());
  }

  /** Reads one thing through the cache: the value, `null` when it is not visible; rejects when the read failed. */
  async read<K extends string, V>(declaration: LoaderDeclaration<K, V>, id: K, notBeforeMs = 0): Promise<V | null> {
    const [outcome] = await this.of(declaration).readMany([id], notBeforeMs);
    if (outcome instanceof Error) throw outcome;
    return outcome ?? null;
  }
}

function overdueTermsOf<K extends string, V>(declaration: LoaderDeclaration<K, V>, terms: OverdueTerms) {
  return {
    maxAgeMs: terms.maxAgeMs,
    isAllowed: () => terms.isAllowed(),
    mark: (value: V, asOfMs: number): V =>
      declaration.withTrust?.(value, { gaps: [], asOfMs, assumptions: ["STALE"] }) ?? value,
    onAnswered: (error: Error) => terms.onAnswered(declaration.name, error),
    failureIn: (value: V): SiteError | null => {
      const gaps = declaration.trustOf?.(value).gaps ?? [];
      const [first] = gaps;
      return first !== undefined && gaps.every(({ kind }) => saysNothing(kind)) ? errorFromGap(first) : null;
    },
  };
}

/**
 * The operations that were seen in what was read of a site with one credential: a catalogue that costs no call. It holds
 * what is shown, never what the configuration leaves out.
 */
class SeenOperations {
  readonly #sources = new Map<string, Map<string, OperationSource>>();
  #size = 0;
  #version = 0;

  /** Grows whenever an operation is seen for the first time, or in another place that tells more. */
  get version(): number {
    return this.#version;
  }

  note({ key, target }: Operation, source: OperationSource): void {
    const targets = this.#sources.get(key);
    const known = targets?.get(target);
    if (known === source || known === "ROLE") return;
    if (known === undefined && this.#size >= maxSeenOperations) return;
    if (known === undefined) this.#size += 1;
    this.#version += 1;
    if (targets === undefined) this.#sources.set(key, new Map([[target, source]]));
    else targets.set(target, source);
  }

  all(): readonly (Operation & { readonly source: OperationSource })[] {
    return [...this.#sources].flatMap(([key, targets]) =>
      [...targets].map(([target, source]) => ({ key, target, source })),
    );
  }
}
