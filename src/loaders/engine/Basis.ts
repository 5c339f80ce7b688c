import type { Ground, Mark } from "../../cache/TtlCache.js";
import { OverdueReadings } from "./OverdueReadings.js";

/** Something that counts its changes. */
interface Versioned {
  readonly version: number;
}

/** Holds as long as nothing came to what was looked through: for what was looked for in it and not found. */
export class Unchanged implements Ground {
  readonly freshUntilMs = Number.POSITIVE_INFINITY;
  readonly mark = this;
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

/** A moment from which on an answer would be another. */
export class Until implements Ground {
  readonly isCurrent = true;
  readonly mark = this;

  constructor(readonly freshUntilMs: number) {}
}

/** What an answer was made from, once it is made. */
export interface Standing {
  /** Of how many parts it is made. */
  readonly size: number;
  /** The moment from which on it is not, whatever happens. */
  readonly freshUntilMs: number;
  /** Whether the same would be answered now. Once it is false it stays so. */
  isStanding(nowMs: number): boolean;
}

/**
 * Everything that the answer to one request is made from, so that it can be told later whether the same would be answered
 * again: what was read, what was looked for and not found, and until when it counts. It is gathered where reading happens, by
 * the loaders of the request; whatever else an answer may rest on, whoever brings it in says so here.
 */
export class Basis {
  /** What of it is overdue. Such an answer is never given again: what is overdue is not current. */
  readonly overdue: OverdueReadings;
  readonly #grounds = new Set<Ground>();
  readonly #readers: (() => Iterable<Ground>)[] = [];
  #isOpen = false;

  /** @param mayBeOverdue whether what is overdue will do where a site fails. */
  constructor(mayBeOverdue = false) {
    this.overdue = new OverdueReadings(mayBeOverdue);
  }

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
    const marks = new Set<Mark>();
    let freshUntilMs = Number.POSITIVE_INFINITY;
    const take = (ground: Ground) => {
      marks.add(ground.mark);
      if (ground.freshUntilMs < freshUntilMs) freshUntilMs = ground.freshUntilMs;
    };
    for (const ground of this.#grounds) take(ground);
    for (const reader of this.#readers) for (const ground of reader()) take(ground);
    const standing = new StandingOn([...marks], freshUntilMs);
    return standing.isStanding(nowMs) ? standing : null;
  }
}

/** Every part by itself: some thousand marks take some microseconds. */
class StandingOn implements Standing {
  readonly #marks: readonly Mark[];
  readonly freshUntilMs: number;

  constructor(marks: readonly Mark[], freshUntilMs: number) {
    this.#marks = marks;
    this.freshUntilMs = freshUntilMs;
  }

  get size(): number {
    return this.#marks.length;
  }

  isStanding(nowMs: number): boolean {
    if (nowMs >= this.freshUntilMs) return false;
    for (const mark of this.#marks) if (!mark.isCurrent) return false;
    return true;
  }
}
