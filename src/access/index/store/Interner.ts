import { compareText } from "../../../domain/textOrder.js";

/** Ids that one step of sorting takes at most: some milliseconds' worth. */
const idsAtOnce = 1_024;

/** Numbers in an order, and where each stands in it. */
export interface Order {
  /** Only the first `length` are meant. */
  readonly order: Uint32Array;
  readonly ranks: Uint32Array;
  readonly length: number;
  /** How many stand before a key, or before and at it, whether somebody has that key or not. */
  placeOf(key: string, isBeyondEqual: boolean): number;
  keyOf(number: number): string;
}

/**
 * Numbers for ids, from 1 in the order met, for good: what is gone keeps its number, so that a list that is being paged
 * through never moves. Number 0 stands for whatever id is not here. The ids are also kept in the order of their code points,
 * which is the same in every process: the order of lists and cursors.
 */
export class Interner<Id extends string> implements Order {
  readonly #numbers = new Map<Id, number>();
  readonly #ids: (Id | undefined)[] = [undefined];
  #order = new Uint32Array(16);
  #ranks = new Uint32Array(16);
  #ordered = 0;
  #areRanksCurrent = true;

  /** One more than the largest number given. */
  get size(): number {
    return this.#ids.length;
  }

  intern(id: Id): number {
    const known = this.#numbers.get(id);
    if (known !== undefined) return known;
    const number = this.#ids.length;
    this.#ids.push(id);
    this.#numbers.set(id, number);
    if (number - this.#ordered > idsAtOnce) this.#orderSome();
    return number;
  }

  /** 0 for an id that is not here. */
  find(id: Id): number {
    return this.#numbers.get(id) ?? 0;
  }

  idOf(number: number): Id | undefined {
    return this.#ids[number];
  }

  /** The numbers in the order of their ids. Only the first `length` are meant. */
  get order(): Uint32Array {
    while (this.#ordered < this.#ids.length - 1) this.#orderSome();
    return this.#order;
  }

  /** By number, the place of its id in `order`. */
  get ranks(): Uint32Array {
    const { order } = this;
    if (this.#areRanksCurrent) return this.#ranks;
    if (this.#ranks.length < this.#ids.length) this.#ranks = new Uint32Array(order.length + 1);
    for (let rank = 0; rank < this.#ordered; rank += 1) this.#ranks[order[rank] ?? 0] = rank;
    this.#areRanksCurrent = true;
    return this.#ranks;
  }

  get length(): number {
    return this.#ids.length - 1;
  }

  placeOf(id: string, isBeyondEqual: boolean): number {
    return this.#place(id, this.order, isBeyondEqual);
  }

  keyOf(number: number): string {
    return this.#ids[number] ?? "";
  }

  get bytes(): number {
    // An id of some forty letters with its header, its place in the list, and its share of the map.
    return this.#ids.length * 136 + this.#order.byteLength + this.#ranks.byteLength;
  }

  #place(id: string, order: Uint32Array, isBeyondEqual: boolean): number {
    let low = 0;
    let high = this.#ordered;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const difference = compareText(this.#ids[order[middle] ?? 0] ?? "", id);
      if (difference < 0 || (isBeyondEqual && difference === 0)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Puts the next few ids where they belong, from the back, so that what is ordered moves once. */
  #orderSome(): void {
    const first = this.#ordered + 1;
    const last = Math.min(this.#ids.length, first + idsAtOnce);
    const added = Array.from({ length: last - first }, (_, index) => first + index);
    added.sort((left, right) => compareText(this.#ids[left] ?? "", this.#ids[right] ?? ""));
    if (last - 1 > this.#order.length) {
      const grown = new Uint32Array(last + (last >>> 1));
      grown.set(this.#order);
      this.#order = grown;
    }
    let end = this.#ordered;
    for (let index = added.length - 1; index >= 0; index -= 1) {
      const number = added[index] ?? 0;
      const place = this.#place(this.#ids[number] ?? "", this.#order, false);
      this.#order.copyWithin(place + index + 1, place, end);
      this.#order[place + index] = number;
      end = place;
    }
    this.#ordered = last - 1;
    this.#areRanksCurrent = false;
  }
}
