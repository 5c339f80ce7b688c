import { firstClass, firstGroup } from "./Holders.js";
import { placeIn, RowPool } from "./RowPool.js";
import type { Steps } from "./slices.js";

const cells = (length: number): Uint32Array => new Uint32Array(length);

/** Who holds what where, both ways: pairs of holder and combination a space, pairs of space and combination a holder. */
export class SpaceHoldings {
  readonly #bySpace = new RowPool(6, cells);
  readonly #byAccount = new RowPool(12, cells);
  readonly #byGroup = new RowPool(6, cells);
  readonly #byClass = new RowPool(2, cells);
  #count = 0;

  /** How many rows there are. */
  get count(): number {
    return this.#count;
  }

  /** The array that a space's pairs stand in. */
  dataOf(space: number): Uint32Array {
    return this.#bySpace.dataOf(space);
  }

  startOf(space: number): number {
    return this.#bySpace.startOf(space);
  }

  /** In cells: two a row. */
  lengthOf(space: number): number {
    return this.#bySpace.lengthOf(space);
  }

  rowsOf(space: number): Uint32Array {
    const start = this.#bySpace.startOf(space);
    return this.#bySpace.dataOf(space).subarray(start, start + this.#bySpace.lengthOf(space));
  }

  /** The combination that a holder has in a space; 0 where it has none. */
  setOf(space: number, holder: number): number {
    const data = this.#bySpace.dataOf(space);
    const start = this.#bySpace.startOf(space);
    const length = this.#bySpace.lengthOf(space);
    const at = placeIn(data, start, length, 2, holder);
    return at < length && data[start + at] === holder ? (data[start + at + 1] ?? 0) : 0;
  }

  /** Pairs of space and combination. */
  spacesOf(holder: number): Uint32Array {
    const pool = this.#poolOf(holder);
    const owner = ownerOf(holder);
    const start = pool.startOf(owner);
    return pool.dataOf(owner).subarray(start, start + pool.lengthOf(owner));
  }

  /** @param pairs of holder and combination, ascending by holder */
  replace(space: number, pairs: Uint32Array): void {
    const before = this.rowsOf(space).slice();
    let at = 0;
    let left = 0;
    while (at < pairs.length || left < before.length) {
      const added = pairs[at] ?? Number.POSITIVE_INFINITY;
      const removed = before[left] ?? Number.POSITIVE_INFINITY;
      if (added <= removed) {
        if (added < removed || pairs[at + 1] !== before[left + 1]) this.#put(added, space, pairs[at + 1] ?? 0);
        at += 2;
      } else this.#remove(removed, space);
      if (removed <= added) left += 2;
    }
    this.#bySpace.replace(space, pairs);
    this.#count += (pairs.length - before.length) / 2;
  }

  *compact(): Steps {
    for (const pool of [this.#bySpace, this.#byAccount, this.#byGroup, this.#byClass]) yield* pool.compact();
  }

  get bytes(): number {
    return this.#bySpace.bytes + this.#byAccount.bytes + this.#byGroup.bytes + this.#byClass.bytes;
  }

  #put(holder: number, space: number, set: number): void {
    const pool = this.#poolOf(holder);
    const owner = ownerOf(holder);
    const start = pool.startOf(owner);
    const length = pool.lengthOf(owner);
    const at = placeIn(pool.dataOf(owner), start, length, 2, space);
    const isThere = at < length && pool.dataOf(owner)[start + at] === space;
    const place = isThere ? start + at : pool.open(owner, at, 2);
    const data = pool.dataOf(owner);
    data[place] = space;
    data[place + 1] = set;
  }

  #remove(holder: number, space: number): void {
    const pool = this.#poolOf(holder);
    const owner = ownerOf(holder);
    pool.close(owner, placeIn(pool.dataOf(owner), pool.startOf(owner), pool.lengthOf(owner), 2, space), 2);
  }

  #poolOf(holder: number): RowPool {
    if (holder >= firstClass) return this.#byClass;
    return holder >= firstGroup ? this.#byGroup : this.#byAccount;
  }
}

function ownerOf(holder: number): number {
  if (holder >= firstClass) return holder - firstClass;
  return holder >= firstGroup ? holder - firstGroup : holder;
}
