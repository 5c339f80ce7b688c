import type { Clock } from "../domain/Clock.js";

/** What others hold is looked at so often: it takes a millisecond or two to add up. */
const lookEveryMs = 2_000;
/** What is left to the cache whatever others hold. */
const leastShare = 0.25;

/**
 * One bound of memory for everything that was read of sites: the cache, and what is made of it and kept beside it (access indexes,
 * lists of whole sites). Those are as large as the sites are, so that the cache gives way to them, down to a quarter.
 */
export class MemoryShare {
  readonly maxBytes: number;
  readonly #clock: Clock;
  readonly #holders = new Map<string, () => number>();
  #held = { atMs: Number.NEGATIVE_INFINITY, bytes: 0 };

  constructor({ maxBytes, clock }: { readonly maxBytes: number; readonly clock: Clock }) {
    this.maxBytes = maxBytes;
    this.#clock = clock;
  }

  /** Something holds memory beside the cache. */
  add(name: string, bytes: () => number): void {
    this.#holders.set(name, bytes);
  }

  /** What each holds now. */
  *held(): Generator<{ readonly name: string; readonly bytes: number }> {
    for (const [name, bytes] of this.#holders) yield { name, bytes: bytes() };
  }

  /** What the cache may hold now. */
  get roomBytes(): number {
    const nowMs = this.#clock.now();
    if (nowMs - this.#held.atMs >= lookEveryMs) {
      let bytes = 0;
      for (const held of this.held()) bytes += held.bytes;
      this.#held = { atMs: nowMs, bytes };
    }
    return Math.max(this.maxBytes * leastShare, this.maxBytes - this.#held.bytes);
  }
}
