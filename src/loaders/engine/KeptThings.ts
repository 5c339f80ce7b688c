import type { Clock } from "../../domain/Clock.js";

/** What nobody used for so long is let go. It holds what it was made of, which the cache may have let go long ago. */
const unusedMs = 300_000;
/** How many things of one site are kept; the least recently used goes first. */
const mostKept = 32;

interface Kept {
  readonly value: unknown;
  usedAtMs: number;
}

/**
 * What was put together from what was read of one site and is kept from request to request, by name. Whoever keeps something
 * here sees to it that it is only used for what it was made of.
 */
export class KeptThings {
  readonly #clock: Clock;
  readonly #things = new Map<string, Kept>();
  /** Was used last, and stands last. */
  #latest: string | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** What is kept under a name, made at its first use. */
  of<T>(name: string, make: () => T): T {
    const kept = this.#things.get(name) ?? { value: make(), usedAtMs: 0 };
    kept.usedAtMs = this.#clock.now();
    if (name === this.#latest && this.#things.has(name)) return kept.value as T;
    this.#latest = name;
    this.#things.delete(name);
    this.#things.set(name, kept);
    if (this.#things.size > mostKept) this.#dropOldest();
    return kept.value as T;
  }

  /** Lets go what nobody used for long. Called by every request of the site: without any, nothing new is read either. */
  dropUnused(): void {
    const nowMs = this.#clock.now();
    for (const [name, { usedAtMs }] of this.#things) {
      if (nowMs - usedAtMs <= unusedMs) return;
      this.#things.delete(name);
    }
  }

  /** What all of it takes beside what it was made of, as far as each can tell. */
  get bytes(): number {
    let bytes = 0;
    for (const { value } of this.#things.values()) if (isMeasured(value)) bytes += value.bytes;
    return bytes;
  }

  /** Lets go of everything. */
  clear(): void {
    this.#things.clear();
  }

  get size(): number {
    return this.#things.size;
  }

  #dropOldest(): void {
    for (const name of this.#things.keys()) {
      this.#things.delete(name);
      return;
    }
  }
}

function isMeasured(value: unknown): value is { readonly bytes: number } {
  return typeof value === "object" && value !== null && "bytes" in value && typeof value.bytes === "number";
}

/** The last thing that was made of some others, kept for as long as it is asked for of the very same. */
export class LastMade<T> {
  #of: readonly unknown[] | null = null;
  #made: T | undefined;

  /** What is made of these: of equal strings and numbers, and of the same objects, it is the same. */
  get(of: readonly unknown[], make: () => T): T {
    const known = this.#of;
    if (known !== null && known.length === of.length && known.every((each, index) => each === of[index])) {
      return this.#made as T;
    }
    const made = make();
    this.#made = made;
    this.#of = of;
    return made;
  }
}
