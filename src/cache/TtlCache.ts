import { LRUCache } from "lru-cache";
import type { CacheConfig } from "../config/Config.js";
import type { Clock } from "../domain/Clock.js";

/** How long an answer of each kind counts as fresh, in milliseconds. 0 switches caching of that kind off. */
export type Lifetimes = CacheConfig["ttlMs"];

/** The kinds of things the cache holds. */
export type CacheKind = keyof Lifetimes;

/**
 * An answer past its lifetime is still served, while it is read again behind it, for this many lifetimes more. Every
 * answer says when it was read (`asOf`), and `Cache-Control: no-cache` on a request goes past it.
 */
export const staleLifetimes = 1;

/**
 * Something read that others may be made from, which knows whether it still counts: what was made from it stands as long as
 * all of it is current, and is made anew once any of it is not fresh any more.
 */
export interface Ground extends Mark {
  readonly freshUntilMs: number;
  /** What tells the same and holds nothing of what was read: for who keeps it longer. */
  readonly mark: Mark;
}

/** Whether something still counts. */
export interface Mark {
  /** False from the moment on that it was replaced, forgotten or let go. It never becomes true again. */
  readonly isCurrent: boolean;
}

/** Over which time something was read. */
export interface ReadTime {
  /** When its oldest part was read. */
  readonly readAtMs: number;
  /** When the read that gave it began. */
  readonly beganAtMs: number;
  /** When it was over, and what it brought was remembered. */
  readonly endedAtMs: number;
}

/** A cached answer: `value` is `null` for a remembered miss. */
export interface CacheEntry extends Ground, ReadTime {
  readonly value: unknown;
  readonly servableUntilMs: number;
}

/** Whether an entry is current by itself, and everything that was remembered with it. */
class HeldMark implements Mark {
  #isHeld = true;
  readonly #era: Mark;

  constructor(era: Mark) {
    this.#era = era;
  }

  get isCurrent(): boolean {
    return this.#isHeld && this.#era.isCurrent;
  }

  end(): void {
    this.#isHeld = false;
  }
}

/** An entry as its cache holds it. */
class HeldEntry implements CacheEntry {
  readonly mark: HeldMark;
  readonly era: Mark;
  readonly value: unknown;
  readonly readAtMs: number;
  readonly beganAtMs: number;
  readonly endedAtMs: number;
  readonly freshUntilMs: number;
  readonly servableUntilMs: number;

  constructor(era: Mark, entry: Omit<CacheEntry, "mark" | "isCurrent">) {
    this.mark = new HeldMark(era);
    this.era = era;
    this.value = entry.value;
    this.readAtMs = entry.readAtMs;
    this.beganAtMs = entry.beganAtMs;
    this.endedAtMs = entry.endedAtMs;
    this.freshUntilMs = entry.freshUntilMs;
    this.servableUntilMs = entry.servableUntilMs;
  }

  get isCurrent(): boolean {
    return this.mark.isCurrent;
  }
}

interface CacheOptions {
  /** Upper bound of the estimated heap held, in bytes. */
  readonly maxBytes: number;
  /** What it shares that bound with; the whole is its own where this is left out. */
  readonly shared?: { readonly roomBytes: number };
  /** Upper bound of entries, so that a flood of tiny misses cannot hold more than it is worth. */
  readonly maxEntries: number;
  readonly clock: Clock;
}

const bytesPerEntry = 200;
/** How many make way for one that comes, where others took the room. */
const goneAtOnce = 32;

/** Storage only: bounded by estimated bytes and by entries, least recently used out first. Errors are never stored. */
export class TtlCache {
  readonly #entries: LRUCache<string, HeldEntry>;
  readonly #clock: Clock;
  readonly #maxEntries: number;
  readonly #shared: CacheOptions["shared"];
  /** What was remembered since everything was forgotten last. */
  #era = { isCurrent: true };

  constructor(options: CacheOptions) {
    this.#clock = options.clock;
    this.#maxEntries = options.maxEntries;
    this.#shared = options.shared;
    // Its own `max` would make room for all entries at once: 24 MB for a million of them, before the first comes.
    this.#entries = new LRUCache({
      maxSize: options.maxBytes,
      dispose: ({ mark }) => {
        mark.end();
      },
    });
  }

  /** Nothing that is held counts any more, whatever it is of. Takes no longer for much: what it was makes way as others come. */
  forgetAll(): void {
    this.#era.isCurrent = false;
    this.#era = { isCurrent: true };
  }

  /** The entry under the key when it may still be served and was read at or after `notBeforeMs`. */
  peek(key: string, notBeforeMs: number, nowMs = this.#clock.now()): CacheEntry | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined || entry.readAtMs < notBeforeMs || entry.servableUntilMs <= nowMs) return undefined;
    return entry.era === this.#era ? entry : undefined;
  }

  /** The entry under the key, however old; not kept before others for that. */
  lookAt(key: string): CacheEntry | undefined {
    const entry = this.#entries.peek(key);
    return entry?.era === this.#era ? entry : undefined;
  }

  isFresh(entry: CacheEntry, nowMs = this.#clock.now()): boolean {
    return entry.freshUntilMs > nowMs;
  }

  /**
   * Remembers a value read at `readAtMs`. A lifetime of 0 remembers nothing; nor is a value remembered whose read began
   * before that of the entry in its place, or before the key was dropped: slow lists must not bring old facts back. Answers
   * the entry, `undefined` where nothing is remembered.
   */
  store(
    key: string,
    value: unknown,
    facts: { readAtMs: number; beganAtMs?: number; endedAtMs?: number; lifetimeMs: number; bytes: number },
  ): CacheEntry | undefined {
    if (facts.lifetimeMs <= 0) return undefined;
    const { beganAtMs = facts.readAtMs, endedAtMs = this.#clock.now() } = facts;
    const held = this.#entries.peek(key);
    if (held !== undefined && held.beganAtMs > beganAtMs) return undefined;
    const entry = new HeldEntry(this.#era, {
      value,
      readAtMs: facts.readAtMs,
      beganAtMs,
      endedAtMs,
      freshUntilMs: facts.readAtMs + facts.lifetimeMs,
      // A remembered miss is not served stale: what was just created must be found when its lifetime is over.
      servableUntilMs: facts.readAtMs + facts.lifetimeMs * (value === null ? 1 : 1 + staleLifetimes),
    });
    this.#set(key, entry, facts.bytes);
    return entry.isCurrent ? entry : undefined;
  }

  /** Forgets a key. What stays is when: no read that began before may fill its place again. */
  drop(key: string): void {
    const nowMs = this.#clock.now();
    const dropped = new HeldEntry(this.#era, {
      value: null,
      readAtMs: nowMs,
      beganAtMs: nowMs,
      endedAtMs: nowMs,
      freshUntilMs: nowMs,
      servableUntilMs: nowMs,
    });
    this.#set(key, dropped, 0);
  }

  /** What is held under keys that begin so, however old. Looks through everything: for what happens seldom. */
  entriesFrom(start: string): [key: string, entry: CacheEntry][] {
    const found: [string, CacheEntry][] = [];
    for (const [key, entry] of this.#entries.entries())
      if (entry.era === this.#era && key.startsWith(start)) found.push([key, entry]);
    return found;
  }

  /** What is not trusted of what is held under keys that begin so is not current any more. Looks through everything. */
  distrust(start: string, isTrusted: (read: ReadTime) => boolean): void {
    for (const [key, entry] of this.#entries.entries()) {
      if (key.startsWith(start) && !isTrusted(entry)) entry.mark.end();
    }
  }

  #set(key: string, entry: HeldEntry, bytes: number): void {
    const size = bytesPerEntry + key.length + Math.max(0, Math.ceil(bytes));
    this.#entries.set(key, entry, { size });
    // What is larger than all it may hold was not taken, and nothing was disposed of for it.
    if (size > this.#entries.maxSize) entry.mark.end();
    if (this.#entries.size > this.#maxEntries) this.#entries.pop();
    this.#giveWay();
  }

  /** Some at a time: whoever puts something away must not wait for thousands that go. */
  #giveWay(): void {
    const roomBytes = this.#shared?.roomBytes ?? Number.POSITIVE_INFINITY;
    for (let gone = 0; gone < goneAtOnce && this.#entries.calculatedSize > roomBytes; gone += 1) this.#entries.pop();
  }

  clear(): void {
    this.#entries.clear();
  }

  /** What is held, for metrics and tests. `bytes` is an estimate. */
  held(): { entries: number; bytes: number } {
    return { entries: this.#entries.size, bytes: this.#entries.calculatedSize };
  }
}
