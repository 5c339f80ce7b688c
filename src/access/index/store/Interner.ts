import { compareText } from "../../../domain/textOrder.js";

/** Ids that one step of sorting takes at most: some milliseconds' worth. */
const idsAtOnce = 1_024;
/** Another one in each process, so that nobody can choose ids that fall together. It decides no order. */
const seed = Math.floor(Math.random() * 2 ** 32);

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
  /** By hash: the whole hash and the number, side by side. At least half of it is free. */
  #table = new Uint32Array(64);
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
    const hash = hashOf(id);
    const slot = this.#slotOf(id, hash);
    const known = this.#table[slot + 1] ?? 0;
    if (known !== 0) return known;
    const number = this.#ids.length;
    this.#ids.push(id);
    this.#table[slot] = hash;
    this.#table[slot + 1] = number;
    if (number * 4 > this.#table.length) this.#rehash();
    if (number - this.#ordered > idsAtOnce) this.#orderSome();
    return number;
  }

  /** 0 for an id that is not here. */
  find(id: Id): number {
    return this.#table[this.#slotOf(id, hashOf(id)) + 1] ?? 0;
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
    // An id of some fifty letters with its header, and its place in the list.
    return this.#ids.length * 80 + this.#table.byteLength + this.#order.byteLength + this.#ranks.byteLength;
  }

  /** Where the id stands, or would stand. */
  #slotOf(id: Id, hash: number): number {
    const table = this.#table;
    const mask = table.length - 1;
    for (let slot = (hash << 1) & mask; ; slot = (slot + 2) & mask) {
      const number = table[slot + 1] ?? 0;
      if (number === 0 || (table[slot] === hash && this.#ids[number] === id)) return slot;
    }
  }

  #rehash(): void {
    const before = this.#table;
    const table = new Uint32Array(before.length * 2);
    const mask = table.length - 1;
    for (let at = 0; at < before.length; at += 2) {
      const number = before[at + 1] ?? 0;
      if (number === 0) continue;
      const hash = before[at] ?? 0;
      let slot = (hash << 1) & mask;
      while (table[slot + 1] !== 0) slot = (slot + 2) & mask;
      table[slot] = hash;
      table[slot + 1] = number;
    }
    this.#table = table;
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

/** A Map finds an id as well, by way of more places in memory: waiting for those is what a question about a large site takes. */
function hashOf(id: string): number {
  let hash = seed;
  for (let index = 0; index < id.length; index += 1) hash = Math.imul(hash ^ id.charCodeAt(index), 0x0100_0193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x85eb_ca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}
