import type { Early, Fetched, FetchTerms, ReadCounts, ReadThroughOptions } from "./Reading.js";

/** Asks upstream for one kind of thing, in as few fetches as it allows. */
export class Upstream<K extends string, V> {
  readonly #options: Pick<ReadThroughOptions<K, V>, "fetch" | "maxKeysPerFetch">;
  readonly #counts: ReadCounts;

  constructor(options: Pick<ReadThroughOptions<K, V>, "fetch" | "maxKeysPerFetch">, counts: ReadCounts) {
    this.#options = options;
    this.#counts = counts;
  }

  /** The ids of each fetch. */
  chunksOf(ids: readonly K[]): readonly (readonly K[])[] {
    const { maxKeysPerFetch } = this.#options;
    if (ids.length <= maxKeysPerFetch) return ids.length === 0 ? [] : [ids];
    const chunks: (readonly K[])[] = [];
    for (let start = 0; start < ids.length; start += maxKeysPerFetch)
      chunks.push(ids.slice(start, start + maxKeysPerFetch));
    return chunks;
  }

  /** What is fetched for each id, together with others. */
  fetchMany(ids: readonly K[], terms: FetchTerms): ReadonlyMap<K, Promise<Fetched<K, V> | Error>> {
    const fetched = new Map<K, Promise<Fetched<K, V> | Error>>();
    for (const chunk of this.chunksOf(ids)) {
      this.#counts.batches.observe(chunk.length);
      if (!terms.isRevalidation) this.#counts.misses += chunk.length;
      const early = new Map<K, (outcome: Fetched<K, V> | Error) => void>();
      // What one call answers comes at once.
      if (this.#options.maxKeysPerFetch === Number.POSITIVE_INFINITY && chunk.length > 1)
        for (const id of chunk) fetched.set(id, new Promise((resolve) => void early.set(id, resolve)));
      const found = this.#fetch(chunk, terms, {
        takes: (id) => early.has(id),
        handOn: (id, outcome) => early.get(id)?.(outcome),
      });
      for (const id of chunk) if (!early.has(id)) fetched.set(id, found);
      void found.then((whole) => {
        for (const settle of early.values()) settle(whole);
      });
    }
    return fetched;
  }

  async #fetch(ids: readonly K[], terms: FetchTerms, early: Early<K, V>): Promise<Fetched<K, V> | Error> {
    try {
      return await this.#options.fetch(ids, terms, early);
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }
}
