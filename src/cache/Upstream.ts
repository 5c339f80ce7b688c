import type { Fetched, FetchTerms, ReadCounts, ReadThroughOptions } from "./Reading.js";

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
      const found = this.#fetch(chunk, terms);
      for (const id of chunk) fetched.set(id, found);
    }
    return fetched;
  }

  async #fetch(ids: readonly K[], terms: FetchTerms): Promise<Fetched<K, V> | Error> {
    try {
      return await this.#options.fetch(ids, terms);
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }
}
