import type { CacheScope } from "../cache/CacheScope.js";
import type { Lifetimes } from "../cache/lifetimes.js";
import { ReadThrough } from "../cache/ReadThrough.js";
import type { TtlCache } from "../cache/TtlCache.js";
import type { ConfluenceSite } from "../confluence/port.js";
import type { Clock } from "../domain/Clock.js";
import { FetchReader } from "./FetchReader.js";
import type { LoaderDeclaration } from "./LoaderDeclaration.js";
import { SeenOperations } from "./SeenOperations.js";

interface SiteStoreOptions {
  readonly site: ConfluenceSite;
  readonly scope: CacheScope;
  readonly cache: TtlCache;
  readonly lifetimes: Lifetimes;
  readonly clock: Clock;
}

/** Everything read of one site with one credential, process-wide: a read-through for each declared loader. */
export class SiteStore {
  readonly site: ConfluenceSite;
  readonly clock: Clock;
  readonly lifetimes: Lifetimes;
  readonly seenOperations = new SeenOperations();
  readonly #options: SiteStoreOptions;
  #distrusted = { fromMs: Number.POSITIVE_INFINITY, toMs: Number.NEGATIVE_INFINITY };
  // The map cannot say that the value's types follow from the key's; `of` is the only door and keeps them together.
  readonly #readThroughs = new Map<LoaderDeclaration<never, never>, ReadThrough<never, never>>();

  constructor(options: SiteStoreOptions) {
    this.site = options.site;
    this.clock = options.clock;
    this.lifetimes = options.lifetimes;
    this.#options = options;
  }

  /** The read-through of a declaration; made at its first use. */
  of<K extends string, V>(declaration: LoaderDeclaration<K, V>): ReadThrough<K, V> {
    const key = declaration as LoaderDeclaration<never, never>;
    const existing = this.#readThroughs.get(key) as ReadThrough<K, V> | undefined;
    if (existing !== undefined) return existing;
    const { scope, cache, clock, lifetimes } = this.#options;
    const created = new ReadThrough<K, V>({
      name: declaration.name,
      scope,
      cache,
      clock,
      lifetimeMsOf: (value) => lifetimes[declaration.lifetimeOf?.(value) ?? declaration.lifetime],
      missLifetimeMs: lifetimes.misses,
      maxKeysPerFetch: declaration.upstream === "call-per-key" ? Number.POSITIVE_INFINITY : declaration.upstream.bulk,
      fetch: async (ids, wish) => {
        const reader = new FetchReader<K>(this, wish);
        return reader.stamp(declaration, await declaration.fetch(reader, ids));
      },
      sizeOf: (value) => declaration.sizeOf(value),
      isTrusted: (readAtMs) => readAtMs < this.#distrusted.fromMs || readAtMs > this.#distrusted.toMs,
      mayRemember: (value) => declaration.mayRemember?.(value) ?? true,
    });
    this.#readThroughs.set(key, created as ReadThrough<never, never>);
    return created;
  }

  /** What was read from `sinceMs` until now does not count any more: it was read as somebody else. */
  distrust(sinceMs: number): void {
    const { fromMs } = this.#distrusted;
    this.#distrusted = { fromMs: Math.min(fromMs, sinceMs), toMs: this.clock.now() };
  }

  /** Reads one thing through the cache: the value, `null` when it is not visible; rejects when the read failed. */
  async read<K extends string, V>(declaration: LoaderDeclaration<K, V>, id: K, notBeforeMs = 0): Promise<V | null> {
    const [outcome] = await this.of(declaration).readMany([id], notBeforeMs);
    if (outcome instanceof Error) throw outcome;
    return outcome ?? null;
  }
}
