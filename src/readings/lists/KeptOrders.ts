import { inSlices, type Steps } from "../../access/index/store/slices.js";
import { compareText } from "../../domain/textOrder.js";
import type { KeptThings } from "../../loaders/engine/KeptThings.js";
import { slicing } from "./slicing.js";
import { mergeInSteps, sortInSteps } from "./sorting.js";

/** An item of a list in an order, and its place there: unique, and the same in every process. */
export interface Row<T> {
  readonly key: string;
  readonly item: T;
}

/** What a list is put in order by. */
export interface Ordering<T> {
  /** What it is ordered by, for short; the same text is the same order of the same list. */
  readonly name: string;
  /** What items are compared by; `null` comes after all. Alike ones are in the order of their ids. */
  sortOf(item: T, index: number): string | null;
  idOf(item: T): string;
}

/** Where the orders of a site are kept: its `SiteLoaders`. */
interface KeepsOrders {
  readonly store: { readonly kept: KeptThings; readonly site: { readonly siteId: string } };
}

/** Orders of one kind of list of a site that are kept; the least recently used goes first. */
const mostOrders = 8;
const bytesOfRow = 180;
/** Items that are gone through in one step. */
const itemsAStep = 1_000;

/**
 * The items in an order, of the same things the very same rows as in the request before. `of` is what they and their order are
 * made of.
 */
export function readInOrder<T>(
  { store: { kept, site } }: KeepsOrders,
  what: string,
  {
    items,
    of,
    ordering,
  }: { readonly items: readonly T[]; readonly of: readonly unknown[]; readonly ordering: Ordering<T> },
): Promise<readonly Row<T>[]> {
  const orders = kept.of(`orders of ${what}`, () => new KeptOrders<T>(site.siteId));
  return orders.of(ordering.name).rows(of, items, ordering);
}

class KeptOrders<T> {
  readonly #siteId: string;
  readonly #orders = new Map<string, KeptOrder<T>>();

  constructor(siteId: string) {
    this.#siteId = siteId;
  }

  of(name: string): KeptOrder<T> {
    const order = this.#orders.get(name) ?? new KeptOrder<T>(this.#siteId);
    this.#orders.delete(name);
    this.#orders.set(name, order);
    const [oldest] = this.#orders.keys();
    if (this.#orders.size > mostOrders && oldest !== undefined) this.#orders.delete(oldest);
    return order;
  }

  get bytes(): number {
    let bytes = 0;
    for (const order of this.#orders.values()) bytes += order.bytes;
    return bytes;
  }
}

/** One order. It follows the list: what is where it was stays, and the others are sorted and put in. */
class KeptOrder<T> {
  readonly #siteId: string;
  #of: readonly unknown[] = [];
  #rows: readonly Row<T>[] = [];
  #turn: Promise<unknown> = Promise.resolve();

  constructor(siteId: string) {
    this.#siteId = siteId;
  }

  /** Asked for another list by another request, one waits for the other. */
  rows(of: readonly unknown[], items: readonly T[], ordering: Ordering<T>): Promise<readonly Row<T>[]> {
    const turn = this.#turn.then(async () => {
      if (of.length !== this.#of.length || of.some((each, index) => each !== this.#of[index])) {
        this.#rows = await inSlices(this.#follow(items, ordering), slicing);
        this.#of = of;
      }
      return this.#rows;
    });
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  get bytes(): number {
    return this.#rows.length * bytesOfRow;
  }

  *#follow(items: readonly T[], { sortOf, idOf }: Ordering<T>): Steps<readonly Row<T>[]> {
    const byKey = new Map<string, Row<T>>();
    for (const [index, item] of items.entries()) {
      if (index % itemsAStep === itemsAStep - 1) yield;
      const key = keyOf(sortOf(item, index), idOf(item), this.#siteId);
      byKey.set(key, { key, item });
    }
    const stayed: Row<T>[] = [];
    for (const [index, { key }] of this.#rows.entries()) {
      if (index % itemsAStep === itemsAStep - 1) yield;
      const row = byKey.get(key);
      if (row === undefined) continue;
      stayed.push(row);
      byKey.delete(key);
    }
    const come = yield* sortInSteps([...byKey.values()], byPlace);
    return yield* mergeInSteps(stayed, come, byPlace);
  }
}

function byPlace(left: Row<unknown>, right: Row<unknown>): number {
  return compareText(left.key, right.key);
}

/** By what is compared, whatever its case, the id, and the site; the first ends where no text goes on. */
function keyOf(sort: string | null, id: string, siteId: string): string {
  const compared = sort === null ? "1" : `0${sort.toLowerCase().replaceAll("\u0000", " ")}`;
  return `${compared}\u0000${id}\u0000${siteId}`;
}
