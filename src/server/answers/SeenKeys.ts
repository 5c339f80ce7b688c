/** What was asked lately, by hash: two that share one are taken to be asked again a question early, and nothing else comes of it. */
export class SeenKeys {
  readonly #most: number;
  #now = new Set<number>();
  #before = new Set<number>();

  /** @param most how many are known again at least; up to twice as many are. */
  constructor(most: number) {
    this.#most = most;
  }

  /** Answers whether it was noted before. */
  note(key: string): boolean {
    const hash = hashOf(key);
    if (this.#now.has(hash)) return true;
    const isKnown = this.#before.has(hash);
    this.#now.add(hash);
    if (this.#now.size >= this.#most) {
      this.#before = this.#now;
      this.#now = new Set();
    }
    return isKnown;
  }
}

/** FNV-1a over the characters; signed, as the engine keeps a number without an object of its own. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash | 0;
}
