/** How many stale things of one kind are read again at once. */
const readAtOnce = 500;

interface StaleReadsOptions<K> {
  /** Whether it is being read already. */
  isUnderWay(id: K): boolean;
  /** Whether it was read meanwhile. */
  isFresh(id: K): boolean;
  /** Begins to read some; each ends with what was read, or why it was not. */
  read(ids: readonly K[]): ReadonlyMap<K, Promise<unknown>>;
  onFailure(error: Error): void;
}

/**
 * What is stale, was answered with, and is to be read again behind that. Those of one turn of the event loop are read together: 250
 * stale accounts are one call, not 250.
 */
export class StaleReads<K> {
  readonly #options: StaleReadsOptions<K>;
  readonly #waiting = new Set<K>();
  #isReading = false;

  constructor(options: StaleReadsOptions<K>) {
    this.#options = options;
  }

  has(id: K): boolean {
    return this.#waiting.has(id);
  }

  add(id: K): void {
    this.#waiting.add(id);
    if (this.#isReading) return;
    this.#isReading = true;
    setImmediate(() => void this.#read());
  }

  /** Some at a time where there are many: what comes in together is put away in one go, and that must not take long. */
  async #read(): Promise<void> {
    const { isUnderWay, isFresh, read, onFailure } = this.#options;
    for (let isFirst = true; ; isFirst = false) {
      const waiting = [...this.#waiting].slice(0, readAtOnce);
      for (const id of waiting) this.#waiting.delete(id);
      const started = read(waiting.filter((id) => !isUnderWay(id) && (isFirst || !isFresh(id))));
      for (const outcome of started.values()) {
        void outcome.then((found) => {
          if (found instanceof Error) onFailure(found);
        });
      }
      if (this.#waiting.size === 0) break;
      await Promise.all(started.values());
    }
    this.#isReading = false;
  }
}
