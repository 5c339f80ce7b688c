import type { AccessIndex } from "../index/AccessIndex.js";
import { atOnce, inSlices, type Slicing, type Steps } from "../index/store/slices.js";
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
 * index stays as it is and nobody else becomes dormant.
 *
 * @param use tells from a list that is of the index as it is, in steps; it begins anew where the index changes between two
 */
export async function withFindings<T>(
  index: AccessIndex,
  nowMs: number,
  slicing: Slicing,
  use: (list: FindingList) => Steps<T>,
): Promise<T> {
  const kept = keptOf.get(index) ?? { list: null, flight: null };
  keptOf.set(index, kept);
  for (let attempt = 1; ; attempt += 1) {
    const isKept = kept.list?.generation === index.generation && nowMs < kept.list.holdsUntilMs;
    const list = isKept && kept.list !== null ? kept.list : await lookOnce(kept, index, nowMs, slicing);
    if (list.generation === index.generation) kept.list = list;
    // An index that never rests is told from all the same, and then without a pause.
    if (attempt === attempts) return atOnce(use(list));
    if (list.generation !== index.generation && list.generation !== 0) continue;
    const told = await inSlices(whileUnchanged(index, use(list)), slicing);
    if (told !== null) return told.value;
  }
}

function lookOnce(kept: Kept, index: AccessIndex, nowMs: number, slicing: Slicing): Promise<FindingList> {
  kept.flight ??= look(index, nowMs, slicing).finally(() => {
    kept.flight = null;
  });
  return kept.flight;
}

/** Goes on as long as the index stays as it is; `null` where it did not. */
function* whileUnchanged<T>(index: AccessIndex, steps: Steps<T>): Steps<{ readonly value: T } | null> {
  const { generation } = index;
  for (;;) {
    const step = steps.next();
    if (step.done === true) return { value: step.value };
    yield;
    if (index.generation !== generation) return null;
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
