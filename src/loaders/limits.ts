import type { Complete } from "../domain/Complete.js";

/**
 * Rough heap of one item of each kind, in bytes, as V8 holds it (object header, fields, short strings). They only have to
 * be right within a factor of two: the cache is bounded by their sum.
 */
export const heapEstimates = {
  account: 600,
  group: 400,
  space: 700,
  grant: 350,
  role: 2_000,
  activeAccount: 150,
  id: 80,
  list: 200,
} as const;

/** Estimated heap of a whole list. */
export function heapOfList(list: Complete<unknown>, bytesPerItem: number): number {
  return heapEstimates.list + list.items.length * bytesPerItem;
}
