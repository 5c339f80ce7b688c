type Cells = Uint32Array | Uint8Array;

const slotCells = 3;

/** The rows of neighbouring owners, in one array: small enough that tidying it up is a matter of a millisecond. */
class Shard<C extends Cells> {
  data: C;
  end = 0;
  /** Where the slots of its owners begin. */
  readonly firstSlot: number;

  constructor(data: C, firstSlot: number) {
    this.data = data;
    this.firstSlot = firstSlot;
  }
}

/**
 * Compressed sparse rows that can be changed in place: numbered owners, each with a row of cells. A row that outgrows its
 * place moves to the end of its shard; a shard without room is written anew, without what was left behind.
 */
export class RowPool<C extends Cells = Uint32Array> {
  readonly #shards: Shard<C>[] = [];
  /** Start, length and capacity of each owner's row, side by side: one place in memory to look at. */
  #slots = new Uint32Array(0);
  readonly #shift: number;
  readonly #make: (length: number) => C;
  readonly #empty: C;

  /** @param shift a shard holds the rows of two to this power owners */
  constructor(shift: number, make: (length: number) => C) {
    this.#shift = shift;
    this.#make = make;
    this.#empty = make(0);
  }

  /** The array that the owner's row stands in, until the next change. */
  dataOf(owner: number): C {
    return this.#shards[owner >>> this.#shift]?.data ?? this.#empty;
  }

  startOf(owner: number): number {
    return this.#slots[owner * slotCells] ?? 0;
  }

  lengthOf(owner: number): number {
    return this.#slots[owner * slotCells + 1] ?? 0;
  }

  replace(owner: number, cells: C): void {
    if (cells.length === 0 && this.lengthOf(owner) === 0) return;
    const shard = this.#shardOf(owner);
    const slots = this.#slots;
    const slot = owner * slotCells;
    // What stood there need not move along.
    slots[slot + 1] = 0;
    this.#reserve(shard, slot, cells.length, cells.length);
    shard.data.set(cells, slots[slot]);
    slots[slot + 1] = cells.length;
  }

  /** Opens a place of so many cells within a row; returns where in `dataOf(owner)` it begins. */
  open(owner: number, at: number, width: number): number {
    const shard = this.#shardOf(owner);
    const slots = this.#slots;
    const slot = owner * slotCells;
    const length = slots[slot + 1] ?? 0;
    const needed = length + width;
    if (needed > (slots[slot + 2] ?? 0)) {
      this.#reserve(shard, slot, needed, needed + Math.max(width, needed >>> 2));
    }
    const start = slots[slot] ?? 0;
    shard.data.copyWithin(start + at + width, start + at, start + length);
    slots[slot + 1] = needed;
    return start + at;
  }

  close(owner: number, at: number, width: number): void {
    const shard = this.#shardOf(owner);
    const slots = this.#slots;
    const slot = owner * slotCells;
    const start = slots[slot] ?? 0;
    const length = slots[slot + 1] ?? 0;
    shard.data.copyWithin(start + at, start + at + width, start + length);
    slots[slot + 1] = length - width;
  }

  /** Writes the shards anew without any slack, one a step. */
  *compact(): Generator<void> {
    for (const shard of this.#shards) {
      this.#rewrite(shard, -1, 0, 0);
      yield;
    }
  }

  get bytes(): number {
    // With the shard itself and what an array has around its cells.
    return this.#shards.reduce((sum, { data }) => sum + data.byteLength + 160, this.#slots.byteLength);
  }

  #shardOf(owner: number): Shard<C> {
    const index = owner >>> this.#shift;
    const cells = slotCells << this.#shift;
    while (this.#shards.length <= index) this.#shards.push(new Shard(this.#make(16), this.#shards.length * cells));
    if (this.#slots.length < this.#shards.length * cells) {
      const grown = new Uint32Array((this.#shards.length + (this.#shards.length >>> 3)) * cells);
      grown.set(this.#slots);
      this.#slots = grown;
    }
    return this.#shards[index] ?? new Shard(this.#make(0), 0);
  }

  #reserve(shard: Shard<C>, slot: number, needed: number, wanted: number): void {
    const slots = this.#slots;
    if (needed <= (slots[slot + 2] ?? 0)) return;
    if (shard.end + wanted > shard.data.length) {
      this.#rewrite(shard, slot, wanted, 4);
      return;
    }
    const start = slots[slot] ?? 0;
    shard.data.copyWithin(shard.end, start, start + (slots[slot + 1] ?? 0));
    slots[slot] = shard.end;
    slots[slot + 2] = wanted;
    shard.end += wanted;
  }

  /** @param spare one part in so many is left free at the end; 0: none */
  #rewrite(shard: Shard<C>, grown: number, wanted: number, spare: number): void {
    const slots = this.#slots;
    const { firstSlot } = shard;
    const lastSlot = firstSlot + (slotCells << this.#shift);
    let live = wanted;
    for (let slot = firstSlot; slot < lastSlot; slot += slotCells) if (slot !== grown) live += slots[slot + 1] ?? 0;
    const data = this.#make(spare === 0 ? live : live + Math.ceil(live / spare) + 16);
    let end = 0;
    for (let slot = firstSlot; slot < lastSlot; slot += slotCells) {
      const start = slots[slot] ?? 0;
      const length = slots[slot + 1] ?? 0;
      for (let cell = 0; cell < length; cell += 1) data[end + cell] = shard.data[start + cell] ?? 0;
      slots[slot] = end;
      slots[slot + 2] = slot === grown ? wanted : length;
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
