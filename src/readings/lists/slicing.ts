import { performance } from "node:perf_hooks";
import type { Slicing } from "../../access/index/store/slices.js";

/** Work over all grants or members of a site, with others between: a few milliseconds at a time. */
export const slicing: Slicing = {
  now: () => performance.now(),
  pause: () => new Promise((resolve) => setImmediate(resolve)),
  sliceMs: 5,
};
