import { inSlices, type Steps } from "../access/index/store/slices.js";
import { othersTurn } from "../callers/Turns.js";
import { crawlLimits } from "./KeptIndex.js";

/** Works through an index, and lets others run in between. */
export function inCrawlSlices<T>(steps: Steps<T>): Promise<T> {
  return inSlices(steps, {
    now: () => performance.now(),
    pause: () => othersTurn(),
    sliceMs: crawlLimits.sliceMs,
  });
}
