import type { Steps } from "../../access/index/store/slices.js";

/** Items that one step sorts or merges. */
const itemsAStep = 2_000;

type Compare<T> = (left: T, right: T) => number;

/** Sorts in steps: some at a time, and then two and two of what is sorted together. */
export function* sortInSteps<T>(items: readonly T[], compare: Compare<T>): Steps<readonly T[]> {
  let runs: (readonly T[])[] = [];
  for (let start = 0; start < items.length; start += itemsAStep) {
    runs.push(items.slice(start, start + itemsAStep).sort(compare));
    yield;
  }
  while (runs.length > 1) {
    const merged: (readonly T[])[] = [];
    for (let at = 0; at < runs.length; at += 2)
      merged.push(yield* mergeInSteps(runs[at] ?? [], runs[at + 1] ?? [], compare));
    runs = merged;
  }
  return runs[0] ?? [];
}

/** Two sorted lists as one. */
export function* mergeInSteps<T>(left: readonly T[], right: readonly T[], compare: Compare<T>): Steps<readonly T[]> {
  if (left.length === 0 || right.length === 0) return left.length === 0 ? right : left;
  const merged: T[] = [];
  for (let fromLeft = 0, fromRight = 0; merged.length < left.length + right.length; ) {
    if (merged.length % itemsAStep === 0) yield;
    const one = left[fromLeft];
    const other = right[fromRight];
    if (one !== undefined && (other === undefined || compare(one, other) <= 0)) {
      merged.push(one);
      fromLeft += 1;
    } else if (other !== undefined) {
      merged.push(other);
      fromRight += 1;
    }
  }
  return merged;
}
