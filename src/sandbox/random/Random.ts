import { createHash } from "node:crypto";

/** A seeded stream of numbers: the same seed gives the same stream on every machine. */
export class Random {
  #state: number;

  constructor(seed: string) {
    this.#state = createHash("sha256").update(seed).digest().readUInt32LE(0);
  }

  /** From 0 up to, not including, 1 (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** A whole number from 0 up to, not including, `bound`. */
  below(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  isLikely(probability: number): boolean {
    return this.next() < probability;
  }

  /** One of `choices`, which must not be empty. */
  pick<T>(choices: readonly [T, ...T[]]): T {
    return choices[this.below(choices.length)] ?? choices[0];
  }

  /** Up to `count` different whole numbers below `bound`. */
  sample(count: number, bound: number): number[] {
    const found = new Set<number>();
    const wanted = Math.min(count, bound);
    // Guessing is cheap while there is room; a crowded sample is filled by walking on from the guess.
    while (found.size < wanted) {
      let index = this.below(bound);
      while (found.has(index)) index = (index + 1) % bound;
      found.add(index);
    }
    return [...found];
  }

  uuid(): string {
    const hex = Array.from({ length: 4 }, () => this.below(4_294_967_296).toString(16).padStart(8, "0")).join("");
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  }
}
