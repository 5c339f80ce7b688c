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

/** Many pieces of work in a row, none of which takes long: others run as soon as they have taken some milliseconds together. */
export class CrawlSlice {
  #beganMs = performance.now();

  async pause(): Promise<void> {
    if (performance.now() - this.#beganMs < crawlLimits.sliceMs) return;
    await othersTurn();
    this.#beganMs = performance.now();
  }
}
