import { compareText } from "../../../domain/textOrder.js";
import type { Interner, Order } from "./Interner.js";
import { atOnce, type Steps } from "./slices.js";

/** Names that one step puts in order at most: a millisecond or three' worth. */
const namesAtOnce = 256;

/**
 * What is numbered in the order of its names, whatever their case, and by id where names are alike; what has no name comes last.
 * Made when it is first asked for, and from then on put right for those whose name changed. A key names a place in the order for
 * good: the same in every process, and whether its name still is what it was or not.
 */
export class NameOrder<Id extends string> implements Order {
  readonly #ids: Interner<Id>;
  readonly #nameOf: (number: number) => string | null;
  #keys: (string | undefined)[] | null = null;
  readonly #changed = new Set<number>();
  #order = new Uint32Array(16);
  #ranks = new Uint32Array(16);
  #length = 0;
  /** The largest number that was given a place. */
  #placed = 0;
  #areRanksCurrent = true;

  constructor(ids: Interner<Id>, nameOf: (number: number) => string | null) {
    this.#ids = ids;
    this.#nameOf = nameOf;
  }

  /** The name of a number may have changed. */
  touch(number: number): void {
    if (number > 0 && number <= this.#placed) this.#changed.add(number);
  }

  /** Puts in their places all that have none yet, or another one now, in steps of some milliseconds. */
  *settling(): Steps {
    this.#keys ??= [];
    while (this.#changed.size > 0 || this.#placed < this.#ids.size - 1) {
      this.#place(this.#nextFew());
      if (this.#changed.size > 0 || this.#placed < this.#ids.size - 1) yield;
    }
  }

  get order(): Uint32Array {
    atOnce(this.settling());
    return this.#order;
  }

  get ranks(): Uint32Array {
    const { order } = this;
    if (this.#areRanksCurrent) return this.#ranks;
    if (this.#ranks.length <= this.#placed) this.#ranks = new Uint32Array(order.length + 1);
    for (let rank = 0; rank < this.#length; rank += 1) this.#ranks[order[rank] ?? 0] = rank;
    this.#areRanksCurrent = true;
    return this.#ranks;
  }

  get length(): number {
    return this.order === this.#order ? this.#length : 0;
  }

  placeOf(key: string, isBeyondEqual: boolean): number {
    atOnce(this.settling());
    return this.#search(key, isBeyondEqual);
  }

  keyOf(number: number): string {
    return this.#keys?.[number] ?? this.#newKeyOf(number);
  }

  get bytes(): number {
    // A key of some fifty letters with its header, and its place in the list.
    return (this.#keys?.length ?? 0) * 88 + this.#order.byteLength + this.#ranks.byteLength;
  }

  #nextFew(): number[] {
    const few: number[] = [];
    for (const number of this.#changed) {
      if (few.length === namesAtOnce) return few;
      this.#changed.delete(number);
      if (this.#newKeyOf(number) !== this.#keys?.[number]) few.push(number);
    }
    for (; few.length < namesAtOnce && this.#placed < this.#ids.size - 1; few.push(this.#placed)) this.#placed += 1;
    return few;
  }

  /** Takes out those that stand at another place and puts all in, from the back, so that what is ordered moves once. */
  #place(numbers: number[]): void {
    if (numbers.length === 0 || this.#keys === null) return;
    this.#takeOut(new Set(numbers.filter((number) => this.#keys?.[number] !== undefined)));
    for (const number of numbers) this.#keys[number] = this.#newKeyOf(number);
    numbers.sort((left, right) => compareText(this.#keys?.[left] ?? "", this.#keys?.[right] ?? ""));
    const length = this.#length + numbers.length;
    if (length > this.#order.length) {
      const grown = new Uint32Array(length + (length >>> 1));
      grown.set(this.#order);
      this.#order = grown;
    }
    let end = this.#length;
    for (let index = numbers.length - 1; index >= 0; index -= 1) {
      const number = numbers[index] ?? 0;
      const place = this.#search(this.#keys[number] ?? "", false);
      this.#order.copyWithin(place + index + 1, place, end);
      this.#order[place + index] = number;
      end = place;
    }
    this.#length = length;
    this.#areRanksCurrent = false;
  }

  #takeOut(numbers: ReadonlySet<number>): void {
    if (numbers.size === 0) return;
    let kept = 0;
    for (let place = 0; place < this.#length; place += 1) {
      const number = this.#order[place] ?? 0;
      if (numbers.has(number)) continue;
      this.#order[kept] = number;
      kept += 1;
    }
    this.#length = kept;
  }

  #search(key: string, isBeyondEqual: boolean): number {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const difference = compareText(this.#keys?.[this.#order[middle] ?? 0] ?? "", key);
      if (difference < 0 || (isBeyondEqual && difference === 0)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Whether it has a name, the name, the id: the first two end where no name goes on. */
  #newKeyOf(number: number): string {
    const name = this.#nameOf(number);
    const folded = name === null ? "1" : `0${name.toLowerCase().replaceAll("\u0000", " ")}`;
    return `${folded}\u0000${this.#ids.idOf(number) ?? ""}`;
  }
}
