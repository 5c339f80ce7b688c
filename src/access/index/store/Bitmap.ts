/** A set of small integers, one bit each; it grows with what is put into it, and what is beyond its end is not in it. */
export class Bitmap {
  words: Uint32Array;

  constructor(size = 0) {
    this.words = new Uint32Array(wordsFor(size));
  }

  has(item: number): boolean {
    return ((this.words[item >>> 5] ?? 0) & (1 << (item & 31))) !== 0;
  }

  add(item: number): void {
    const word = item >>> 5;
    if (word >= this.words.length) this.grow(item + 1);
    this.words[word] = (this.words[word] ?? 0) | (1 << (item & 31));
  }

  delete(item: number): void {
    const word = item >>> 5;
    if (word < this.words.length) this.words[word] = (this.words[word] ?? 0) & ~(1 << (item & 31));
  }

  put(item: number, isIn: boolean): void {
    if (isIn) this.add(item);
    else this.delete(item);
  }

  /** Makes room for so many items, with some to spare, so that a set that is filled one by one moves rarely. */
  grow(size: number): void {
    const needed = wordsFor(size);
    if (needed <= this.words.length) return;
    const grown = new Uint32Array(Math.max(needed, this.words.length + (this.words.length >>> 1)));
    grown.set(this.words);
    this.words = grown;
  }

  /** Empties the set, with room for exactly so many items. */
  reset(size: number): void {
    const needed = wordsFor(size);
    if (needed === this.words.length) this.words.fill(0);
    else this.words = new Uint32Array(needed);
  }

  addAll(other: Bitmap): void {
    const { words } = this;
    const length = Math.min(words.length, other.words.length);
    for (let index = 0; index < length; index += 1) words[index] = (words[index] ?? 0) | (other.words[index] ?? 0);
  }

  keepOnly(other: Bitmap): void {
    const { words } = this;
    for (let index = 0; index < words.length; index += 1)
      words[index] = (words[index] ?? 0) & (other.words[index] ?? 0);
  }

  get isEmpty(): boolean {
    for (const word of this.words) if (word !== 0) return false;
    return true;
  }

  count(): number {
    let total = 0;
    for (let index = 0; index < this.words.length; index += 1) total += bitsIn(this.words[index] ?? 0);
    return total;
  }

  *[Symbol.iterator](): Generator<number> {
    for (let index = 0; index < this.words.length; index += 1) {
      for (let word = this.words[index] ?? 0; word !== 0; word &= word - 1) yield (index << 5) + lowestBit(word);
    }
  }

  get bytes(): number {
    return this.words.byteLength;
  }
}

export function wordsFor(size: number): number {
  return (size + 31) >>> 5;
}

export function bitsIn(word: number): number {
  let bits = word - ((word >>> 1) & 0x5555_5555);
  bits = (bits & 0x3333_3333) + ((bits >>> 2) & 0x3333_3333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
}

/** The place of the lowest bit that is set. */
export function lowestBit(word: number): number {
  return 31 - Math.clz32(word & -word);
}
