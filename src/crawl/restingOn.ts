import type { AccessIndex } from "../access/index/AccessIndex.js";
import type { Ground } from "../cache/TtlCache.js";
import type { Basis } from "../loaders/engine/Basis.js";
import type { KeptIndex, KeptIndexes } from "./KeptIndex.js";

/** The indexes as they are asked for one answer, which rests on each as it is then; how an index stands is never at rest. */
export function restingOn(basis: Basis, indexes: KeptIndexes): KeptIndexes {
  return {
    of: (siteId) => {
      const kept = indexes.of(siteId);
      const asked = (index: AccessIndex): AccessIndex => {
        // What it tells of old parts then is a matter of time.
        if (index.isOut) basis.leaveOpen();
        basis.restOn(new IndexAsItIs(kept, index));
        return index;
      };
      return {
        current: () => asked(kept.current()),
        whenReady: async (waitMs, signal) => asked(await kept.whenReady(waitMs, signal)),
        get isSettled() {
          basis.leaveOpen();
          return kept.isSettled;
        },
        get status() {
          basis.leaveOpen();
          return kept.status;
        },
      };
    },
  };
}

/** Current until anything of the index is changed, or is about to be, or another index takes its place. */
class IndexAsItIs implements Ground {
  readonly freshUntilMs = Number.POSITIVE_INFINITY;
  readonly mark = this;
  readonly #kept: KeptIndex;
  /** What is remembered keeps no index that is gone. */
  readonly #index: WeakRef<AccessIndex>;
  readonly #generation: number;

  constructor(kept: KeptIndex, index: AccessIndex) {
    this.#kept = kept;
    this.#index = new WeakRef(index);
    this.#generation = index.generation;
  }

  get isCurrent(): boolean {
    const index = this.#kept.current();
    return index === this.#index.deref() && index.generation === this.#generation && this.#kept.isSettled;
  }
}
