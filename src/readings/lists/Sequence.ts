import type { Trust } from "../../domain/Complete.js";

/** What a page is cut from: a list, or something that is read like one without being copied together. */
export interface Sequence<T> {
  readonly length: number;
  at(index: number): T | undefined;
  slice(start: number, end: number): readonly T[];
}

/** A long list and how far it can be trusted; see `Complete`, which is one. */
export interface ListReading<T> extends Trust {
  readonly items: Sequence<T>;
}

/** A list as the parts that it is made of, one behind the other. */
export interface PartedReading<T> extends Trust {
  readonly parts: Parts<T>;
}

export type Parts<T> = readonly (readonly T[])[];

/** Many parts as one list. They are not copied: half a million rows stand in thousands of parts, and a page lies in a few. */
export class Joined<T> implements Sequence<T> {
  readonly length: number;
  readonly #parts: readonly Sequence<T>[];
  /** Where each part begins. */
  readonly #starts: Uint32Array;

  constructor(parts: readonly Sequence<T>[]) {
    this.#parts = parts.filter((part) => part.length > 0);
    this.#starts = new Uint32Array(this.#parts.length);
    let length = 0;
    this.#parts.forEach((part, index) => {
      this.#starts[index] = length;
      length += part.length;
    });
    this.length = length;
  }

  at(index: number): T | undefined {
    const part = this.#partAt(index);
    return this.#parts[part]?.at(index - (this.#starts[part] ?? 0));
  }

  slice(start: number, end: number): readonly T[] {
    const found: T[] = [];
    for (let part = this.#partAt(start); part < this.#parts.length; part += 1) {
      const begins = this.#starts[part] ?? 0;
      if (begins >= end) break;
      for (const item of this.#parts[part]?.slice(Math.max(0, start - begins), end - begins) ?? []) found.push(item);
    }
    return found;
  }

  /** The part that an item stands in: the last that begins at or before it. */
  #partAt(index: number): number {
    let low = 0;
    let high = this.#starts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#starts[middle] ?? 0) <= index) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }
}

/** A list whose items are made when they are looked at. */
export class Mapped<S, T> implements Sequence<T> {
  constructor(
    readonly source: Sequence<S>,
    readonly map: (item: S) => T,
  ) {}

  get length(): number {
    return this.source.length;
  }

  at(index: number): T | undefined {
    return index < 0 || index >= this.source.length ? undefined : this.map(this.source.at(index) as S);
  }

  slice(start: number, end: number): readonly T[] {
    return this.source.slice(start, end).map((item) => this.map(item));
  }
}
