type Cells = Uint32Array | Uint8Array;

const slotCells = 3;

/** The rows of neighbouring owners, in one array: small enough that tidying it up is a matter of a millisecond. */
class Shard<C extends Cells> {
  data: C;
  /** Start, length and capacity of each owner's row, side by side: one place in memory to look at. */
  readonly slots: Uint32Array;
  end = 0;

  constructor(owners: number, data: C) {
    this.data = data;
    this.slots = new Uint32Array(owners * slotCells);
  }
}

/**
 * Compressed sparse rows that can be changed in place: numbered owners, each with a row of cells. A row that outgrows its
 * place moves to the end of its shard; a shard without room is written anew, without what was left behind.
 */
export class RowPool<C extends Cells = Uint32Array> {
  readonly #shards: Shard<C>[] = [];
  readonly #shift: number;
  readonly #mask: number;
  readonly #make: (length: number) => C;
  readonly #empty: C;

  /** @param shift a shard holds the rows of two to this power owners */
  constructor(shift: number, make: (length: number) => C) {
    this.#shift = shift;
    this.#mask = (1 << shift) - 1;
    this.#make = make;
    this.#empty = make(0);
  }

  /** The array that the owner's row stands in, until the next change. */
  dataOf(owner: number): C {
    return this.#shards[owner >>> this.#shift]?.data ?? this.#empty;
  }

  startOf(owner: number): number {
    return this.#shards[owner >>> this.#shift]?.slots[(owner & this.#mask) * slotCells] ?? 0;
  }

  lengthOf(owner: number): number {
    return this.#shards[owner >>> this.#shift]?.slots[(owner & this.#mask) * slotCells + 1] ?? 0;
  }

  replace(owner: number, cells: C): void {
    if (cells.length === 0 && this.lengthOf(owner) === 0) return;
    const shard = this.#shardOf(owner);
    const slot = (owner & this.#mask) * slotCells;
    // What stood there need not move along.
    shard.slots[slot + 1] = 0;
    this.#reserve(shard, slot, cells.length, cells.length);
    shard.data.set(cells, shard.slots[slot]);
    shard.slots[slot + 1] = cells.length;
  }

  /** Opens a place of so many cells within a row; returns where in `dataOf(owner)` it begins. */
  open(owner: number, at: number, width: number): number {
    const shard = this.#shardOf(owner);
    const slot = (owner & this.#mask) * slotCells;
    const length = shard.slots[slot + 1] ?? 0;
    const needed = length + width;
    if (needed > (shard.slots[slot + 2] ?? 0)) {
      this.#reserve(shard, slot, needed, needed + Math.max(width, needed >>> 2));
    }
    const start = shard.slots[slot] ?? 0;
    shard.data.copyWithin(start + at + width, start + at, start + length);
    shard.slots[slot + 1] = needed;
    return start + at;
  }

  close(owner: number, at: number, width: number): void {
    const shard = this.#shardOf(owner);
    const slot = (owner & this.#mask) * slotCells;
    const start = shard.slots[slot] ?? 0;
    const length = shard.slots[slot + 1] ?? 0;
    shard.data.copyWithin(start + at, start + at + width, start + length);
    shard.slots[slot + 1] = length - width;
  }

  /** Writes the shards anew without any slack, one a step. */
  *compact(): Generator<void> {
    for (const shard of this.#shards) {
      if (shard === undefined) continue;
      this.#rewrite(shard, -1, 0, 0);
      yield;
    }
  }

  get bytes(): number {
    let total = 0;
    for (const shard of this.#shards) if (shard !== undefined) total += shard.data.byteLength + shard.slots.byteLength;
    return total;
  }

  #shardOf(owner: number): Shard<C> {
    const index = owner >>> this.#shift;
    while (this.#shards.length <= index) this.#shards.push(new Shard(this.#mask + 1, this.#make(16)));
    return this.#shards[index] ?? new Shard(this.#mask + 1, this.#make(0));
  }

  #reserve(shard: Shard<C>, slot: number, needed: number, wanted: number): void {
    if (needed <= (shard.slots[slot + 2] ?? 0)) return;
    if (shard.end + wanted > shard.data.length) {
      this.#rewrite(shard, slot, wanted, 4);
      return;
    }
    const start = shard.slots[slot] ?? 0;
    shard.data.copyWithin(shard.end, start, start + (shard.slots[slot + 1] ?? 0));
    shard.slots[slot] = shard.end;
    shard.slots[slot + 2] = wanted;
    shard.end += wanted;
  }

  /** @param spare one part in so many is left free at the end; 0: none */
  #rewrite(shard: Shard<C>, grown: number, wanted: number, spare: number): void {
    let live = wanted;
    for (let slot = 0; slot < shard.slots.length; slot += slotCells)
      if (slot !== grown) live += shard.slots[slot + 1] ?? 0;
    const data = this.#make(spare === 0 ? live : live + Math.ceil(live / spare) + 16);
    let end = 0;
    for (let slot = 0; slot < shard.slots.length; slot += slotCells) {
      const start = shard.slots[slot] ?? 0;
      const length = shard.slots[slot + 1] ?? 0;
      for (let cell = 0; cell < length; cell += 1) data[end + cell] = shard.data[start + cell] ?? 0;
      shard.slots[slot] = end;
      shard.slots[slot + 2] = slot === grown ? wanted : length;
      end += slot === grown ? wanted : length;
    }
    shard.data = data;
    shard.end = end;
  }
}

/** The place in a row, sorted by every `stride`th cell, of a key or of the first one beyond it; counted from the row's start. */
export function placeIn(data: Uint32Array, start: number, length: number, stride: number, key: number): number {
  let low = 0;
  let high = length / stride;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((data[start + middle * stride] ?? 0) < key) low = middle + 1;
    else high = middle;
  }
  return low * stride;
}
