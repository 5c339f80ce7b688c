/** How many things are kept at least where nothing else is said; up to twice as many are. */
export const leastKept = 20_000;
/** By no longer text is anything kept: a caller may ask about thousands of any length that is read. */
const longestKey = 255;

/**
 * What was made of late, by what it was made of, so that it is not made for every row of every answer. What was not asked for
 * while as many others were goes.
 */
export class Recent<K, V> {
  readonly #least: () => number;
  #young = new Map<K, V>();
  #old = new Map<K, V>();

  /** @param least how many are kept at least, now. */
  constructor(least: () => number = () => leastKept) {
    this.#least = least;
  }

  get size(): number {
    return this.#young.size + this.#old.size;
  }

  get(key: K): V | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(key);
    if (old !== undefined) this.set(key, old);
    return old;
  }

  set(key: K, value: V): V {
    if (typeof key === "string" && key.length > longestKey) return value;
    if (this.#young.size >= this.#least()) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, value);
    return value;
  }
}
