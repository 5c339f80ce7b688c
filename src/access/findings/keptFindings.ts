import type { AccessIndex } from "../index/AccessIndex.js";
import { inSlices, type Slicing } from "../index/store/slices.js";
import { FindingList } from "./FindingList.js";

/** How often it is looked through again where the index changes meanwhile, before what was found is taken all the same. */
const attempts = 3;

interface Kept {
  list: FindingList | null;
  flight: Promise<FindingList> | null;
}

const keptOf = new WeakMap<AccessIndex, Kept>();

/**
 * Answers from the findings of an index as it is: looked for once after a change, by whoever asks first, and kept as long as the
 * index stays as it is.
 *
 * @param use is called with a list that is of the index as it is; what it wants told it has to ask for at once
 */
export async function withFindings<T>(
  index: AccessIndex,
  nowMs: number,
  slicing: Slicing,
  use: (list: FindingList) => T,
): Promise<T> {
  const kept = keptOf.get(index) ?? { list: null, flight: null };
  keptOf.set(index, kept);
  for (let attempt = 1; ; attempt += 1) {
    if (kept.list?.generation === index.generation) return use(kept.list);
    kept.flight ??= look(index, nowMs, slicing).finally(() => {
      kept.flight = null;
    });
    const list = await kept.flight;
    if (list.generation === index.generation) kept.list = list;
    else if (list.generation === 0 || attempt === attempts) return use(list);
  }
}

async function look(index: AccessIndex, nowMs: number, slicing: Slicing): Promise<FindingList> {
  for (let attempt = 1; attempt < attempts; attempt += 1) {
    const list = await inSlices(FindingList.finding(index, nowMs), slicing);
    if (list !== null) return list;
  }
  const list = await inSlices(FindingList.finding(index, nowMs, true), slicing);
  if (list === null) throw new Error("What was found while the index changed was not taken.");
  return list;
}
