import type { Trust } from "../../domain/Complete.js";
import { compareText } from "../../domain/textOrder.js";
import type { Row } from "../../readings/lists/KeptOrders.js";
import type { Sequence } from "../../readings/lists/Sequence.js";
import { defineEnum } from "../schema/enums.js";

export const SortDirection = defineEnum("SortDirection", "Which end of an order comes first.", {
  ASC: "The smallest, or the first of the alphabet.",
  DESC: "The other way round.",
});

/** The field `direction` of an order. */
export const directionField = {
  nullable: true,
  defaultValue: "ASC",
  description: "Which end comes first. Null is as good as leaving it out.",
} as const;

/** An order as a field is asked for it. */
export interface AskedOrder<SortKey extends string> {
  readonly field: SortKey;
  readonly direction?: keyof typeof SortDirection | null;
}

/** What a page is cut from. */
export interface Rows<Item> {
  readonly length: number;
  /** The first items behind a key, and how many stand before them. */
  behind(key: string | null, first: number): { readonly start: number; readonly items: readonly Item[] };
}

/** A list whose items stand in the order of their keys. */
export class InOrder<Item> implements Rows<Item> {
  constructor(
    readonly items: Sequence<Item>,
    readonly keyOf: (item: Item) => string,
  ) {}

  get length(): number {
    return this.items.length;
  }

  behind(key: string | null, first: number) {
    const start = key === null ? 0 : firstBehind(this.length, (place) => !this.#isBehind(place, key));
    return { start, items: this.items.slice(start, start + first) };
  }

  #isBehind(place: number, key: string): boolean {
    const item = this.items.at(place);
    return item !== undefined && compareText(this.keyOf(item), key) > 0;
  }
}

/** A list in an order that was asked for. */
export interface OrderedReading<Item> extends Trust {
  readonly ordered: Rows<Item>;
}

/** Several lists, each in the order of its keys, as one in that order or the other way round. Only the page is put together. */
export class Merged<Item extends { readonly item: Row<unknown> }> implements Rows<Item> {
  readonly length: number;
  readonly #parts: readonly Sequence<Item>[];
  readonly #isDescending: boolean;

  constructor(parts: readonly Sequence<Item>[], isDescending: boolean) {
    this.#parts = parts;
    this.#isDescending = isDescending;
    this.length = parts.reduce((sum, part) => sum + part.length, 0);
  }

  behind(key: string | null, first: number) {
    const places = this.#parts.map((part) => (key === null ? 0 : this.#placeBehind(part, key)));
    const start = places.reduce((sum, place) => sum + place, 0);
    const items: Item[] = [];
    while (items.length < first) {
      let next: { readonly part: number; readonly item: Item } | null = null;
      for (const [part, rows] of this.#parts.entries()) {
        const item = this.#at(rows, places[part] ?? 0);
        if (item === undefined) continue;
        if (next === null || this.#compare(item.item.key, next.item.item.key) < 0) next = { part, item };
      }
      if (next === null) break;
      items.push(next.item);
      places[next.part] = (places[next.part] ?? 0) + 1;
    }
    return { start, items };
  }

  #placeBehind(part: Sequence<Item>, key: string): number {
    return firstBehind(part.length, (place) => this.#compare(this.#at(part, place)?.item.key ?? "", key) <= 0);
  }

  #at(part: Sequence<Item>, place: number): Item | undefined {
    return part.at(this.#isDescending ? part.length - 1 - place : place);
  }

  #compare(left: string, right: string): number {
    return this.#isDescending ? compareText(right, left) : compareText(left, right);
  }
}

/** The first place behind some: by the order, not by the item, so that a deleted item loses nothing. */
function firstBehind(length: number, isBefore: (place: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
