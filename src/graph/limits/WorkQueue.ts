import { performance } from "node:perf_hooks";
import type { Slicing } from "../../access/index/store/slices.js";

/** How long pieces of work may take together before everything else that waits for the process has its turn. */
const sliceMs = 8;

/** How one piece of work that goes on for long is done in slices, for `inSlices`. */
export const slicing: Slicing = {
  now: () => performance.now(),
  pause: () => new Promise((resolve) => setImmediate(resolve)),
  sliceMs,
};

/**
 * Pieces of work that take a fraction of a millisecond each and of which one query may ask for thousands: done in the order
 * asked, a few milliseconds at a time, with requests and answers between. One queue a process, for it is the process that
 * they hold up.
 */
class WorkQueue {
  readonly #waiting: (() => void)[] = [];
  #isRunning = false;

  /** Does a piece of work when its turn comes. */
  run<T>(work: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push(() => {
        try {
          resolve(work());
        } catch (error) {
          reject(error);
        }
      });
      if (!this.#isRunning) void this.#runAll();
    });
  }

  async #runAll(): Promise<void> {
    this.#isRunning = true;
    for (let next = 0; next < this.#waiting.length; ) {
      const began = performance.now();
      while (next < this.#waiting.length && performance.now() - began < sliceMs) {
        this.#waiting[next]?.();
        next += 1;
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#waiting.length = 0;
    this.#isRunning = false;
  }
}

export const workQueue = new WorkQueue();
