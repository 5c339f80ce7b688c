import type { Steps } from "../access/index/store/slices.js";
import type { PartAge } from "./CrawlMemory.js";

/** Parts that are sorted, or merged, in one step. */
const partsAStep = 1_000;

/** A part that is due, with its age. */
export interface Due<Id extends string> extends PartAge {
  readonly id: Id;
}

/** What nobody read yet comes first, and among equals the order stays. In runs that are merged: a site may have 20,000. */
export function* oldestFirst<Id extends string>(due: readonly Due<Id>[]): Steps<Due<Id>[]> {
  let runs: Due<Id>[][] = [];
  for (let start = 0; start < due.length; start += partsAStep) {
    runs.push(due.slice(start, start + partsAStep).sort((left, right) => readAtMs(left) - readAtMs(right)));
    yield;
  }
  while (runs.length > 1) {
    const merged: Due<Id>[][] = [];
    for (let index = 0; index < runs.length; index += 2)
      merged.push(yield* merge(runs[index] ?? [], runs[index + 1] ?? []));
    runs = merged;
  }
  return runs[0] ?? [];
}

function* merge<Id extends string>(left: readonly Due<Id>[], right: readonly Due<Id>[]): Steps<Due<Id>[]> {
  const merged: Due<Id>[] = [];
  for (let [l, r] = [0, 0]; merged.length < left.length + right.length; ) {
    const [one, other] = [left[l], right[r]];
    const isLeft = one !== undefined && (other === undefined || readAtMs(one) <= readAtMs(other));
    const next = isLeft ? one : other;
    if (next !== undefined) merged.push(next);
    if (isLeft) l += 1;
    else r += 1;
    if (merged.length % partsAStep === 0) yield;
  }
  return merged;
}

function readAtMs({ asOfMs }: PartAge): number {
  return Number.isFinite(asOfMs) ? asOfMs : 0;
}
