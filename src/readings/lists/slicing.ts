import { performance } from "node:perf_hooks";
import { inSlices, type Slicing, type Steps } from "../../access/index/store/slices.js";
import { othersTurn, pieceTurn, sliceMs } from "../../callers/Turns.js";

/** Work over all grants, accounts or members of a site, with others between: a few milliseconds at a time, one where others ask. */
export const slicing: Slicing = {
  now: () => performance.now(),
  pause: () => othersTurn(),
  get sliceMs() {
    return sliceMs();
  },
};

/** Does such work when its turn has come: one query may ask for it many times over. */
export async function inTurns<T>(steps: Steps<T>): Promise<T> {
  await pieceTurn();
  return inSlices(steps, slicing);
}
