import { Bitmap, bitsIn, lowestBit } from "../store/Bitmap.js";
import type { Order } from "../store/Interner.js";

/** One part in so many: a set that is smaller is better sorted than sought for in the order of all. */
const sparse = 64;

/** Which part of a set is wanted, in which order. */
interface Place {
  readonly first: number;
  /** The key of the last of the page before. */
  readonly after?: string | null;
  readonly isDescending?: boolean;
}

/**
 * The next members of a set in an order, and whether more follow. A dense set is met soon on a walk along the order of all; of a
 * sparse one the places are few to sort. Neither takes longer for a page far behind.
 */
export function pageOf(
  set: Uint32Array,
  order: Order,
  { first, after = null, isDescending = false }: Place,
): { readonly numbers: readonly number[]; readonly hasMore: boolean } {
  const range = {
    from: after === null || isDescending ? 0 : order.placeOf(after, true),
    to: after === null || !isDescending ? order.length : order.placeOf(after, false),
  };
  const isSparse = countOf(set) * sparse < order.length;
  const found = isSparse ? bySorting(set, order, range) : byWalking(set, order, { ...range, first, isDescending });
  if (isSparse && isDescending) found.reverse();
  return { numbers: found.slice(0, first), hasMore: found.length > first };
}

export function countOf(set: Uint32Array): number {
  let total = 0;
  for (let index = 0; index < set.length; index += 1) total += bitsIn(set[index] ?? 0);
  return total;
}

export function* numbersIn(set: Uint32Array): Generator<number> {
  for (let index = 0; index < set.length; index += 1)
    for (let word = set[index] ?? 0; word !== 0; word &= word - 1) yield (index << 5) + lowestBit(word);
}

/** Whether a name holds a text, whatever its case; of a hundred thousand names in a row, so without copies where it can be. */
function textFinder(text: string): (name: string) => boolean {
  const wanted = text.toLowerCase();
  if (!/^[ -~]*$/.test(text)) return (name) => name.toLowerCase().includes(wanted);
  const pattern = new RegExp(text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"), "i");
  return (name) => pattern.test(name);
}

/** Those of a set whose name or id holds a text; case does not count. */
export function keepNamed(
  set: Uint32Array,
  text: string,
  namesOf: (number: number) => readonly (string | null)[],
): void {
  const holds = textFinder(text);
  for (const number of numbersIn(set)) {
    if (namesOf(number).some((name) => name !== null && holds(name))) continue;
    set[number >>> 5] = (set[number >>> 5] ?? 0) & ~(1 << (number & 31));
  }
}

/** The union of some sets, each with at least so many words. */
export function unionOf(sets: readonly Bitmap[], words: number): Uint32Array {
  const union = new Bitmap(words * 32);
  for (const set of sets) union.addAll(set);
  return union.words;
}

/** A set in two bounds, for one answer: who surely is in it, and who may be. */
export interface WordBounds {
  readonly sure: Uint32Array;
  readonly possible: Uint32Array;
}

export function addAll(set: Uint32Array, other: Uint32Array): void {
  for (let index = 0; index < set.length; index += 1) set[index] = (set[index] ?? 0) | (other[index] ?? 0);
}

export function removeAll(set: Uint32Array, other: Uint32Array): void {
  for (let index = 0; index < set.length; index += 1) set[index] = (set[index] ?? 0) & ~(other[index] ?? 0);
}

export function keepOnly(set: Uint32Array, other: Uint32Array): void {
  for (let index = 0; index < set.length; index += 1) set[index] = (set[index] ?? 0) & (other[index] ?? 0);
}

/** Places in an order, from one on, and up to another. */
interface Range {
  readonly from: number;
  readonly to: number;
}

function bySorting(set: Uint32Array, { order, ranks }: Order, { from, to }: Range): number[] {
  const places = [...numbersIn(set)].map((number) => ranks[number] ?? 0).filter((rank) => rank >= from && rank < to);
  return [...Uint32Array.from(places).sort()].map((rank) => order[rank] ?? 0);
}

function byWalking(
  set: Uint32Array,
  { order }: Order,
  { first, from, to, isDescending }: Range & Required<Pick<Place, "first" | "isDescending">>,
): number[] {
  const found: number[] = [];
  for (let step = 0; step < to - from && found.length <= first; step += 1) {
    const number = order[isDescending ? to - 1 - step : from + step] ?? 0;
    if (((set[number >>> 5] ?? 0) & (1 << (number & 31))) !== 0) found.push(number);
  }
  return found;
}
