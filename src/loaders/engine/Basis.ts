import type { Ground } from "../../cache/TtlCache.js";

/** Something that counts its changes. */
interface Versioned {
  readonly version: number;
}

/** Holds as long as nothing came to what was looked through: for what was looked for in it and not found. */
export class Unchanged implements Ground {
  readonly freshUntilMs = Number.POSITIVE_INFINITY;
  readonly #source: Versioned;
  readonly #version: number;

  constructor(source: Versioned, version = source.version) {
    this.#source = source;
    this.#version = version;
  }

  get isCurrent(): boolean {
    return this.#source.version === this.#version;
  }
}

/** What an answer was made from, once it is made. */
export interface Standing {
  /** Whether the same would be answered now. Once it is false it stays so. */
  isStanding(nowMs: number): boolean;
}

/**
 * Everything that the answer to one request is made from, so that it can be told later whether the same would be answered
 * again: what was read, what was looked for and not found, and until when it counts. It is gathered where reading happens, by
 * the loaders of the request; whatever else an answer may rest on, whoever brings it in says so here.
 */
export class Basis {
  readonly #grounds = new Set<Ground>();
  readonly #readers: (() => Iterable<Ground>)[] = [];
  #isOpen = false;

  /** The answer rests on this too. */
  restOn(ground: Ground): void {
    this.#grounds.add(ground);
  }

  /** The answer rests on whatever these are when it is made. */
  restOnAll(grounds: () => Iterable<Ground>): void {
    this.#readers.push(grounds);
  }

  /** Nothing can tell until when the same would be answered: a read failed, it was asked afresh, or what was asked is never at rest. */
  leaveOpen(): void {
    this.#isOpen = true;
  }

  /** What the answer stands on; `null` where that is open, or has changed while it was made. */
  settle(nowMs: number): Standing | null {
    if (this.#isOpen) return null;
    const grounds = new Set(this.#grounds);
    for (const reader of this.#readers) for (const ground of reader()) grounds.add(ground);
    let freshUntilMs = Number.POSITIVE_INFINITY;
    for (const ground of grounds) freshUntilMs = Math.min(freshUntilMs, ground.freshUntilMs);
    const standing = new StandingOn([...grounds], freshUntilMs);
    return standing.isStanding(nowMs) ? standing : null;
  }
}

/** Every entry by itself: some thousand flags take some microseconds. */
class StandingOn implements Standing {
  readonly #grounds: readonly Ground[];
  readonly #freshUntilMs: number;

  constructor(grounds: readonly Ground[], freshUntilMs: number) {
    this.#grounds = grounds;
    this.#freshUntilMs = freshUntilMs;
  }

  isStanding(nowMs: number): boolean {
    if (nowMs >= this.#freshUntilMs) return false;
    for (const ground of this.#grounds) if (!ground.isCurrent) return false;
    return true;
  }
}
