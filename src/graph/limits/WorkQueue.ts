import { performance } from "node:perf_hooks";
import type { Slicing } from "../../access/index/store/slices.js";
import { currentWaiter } from "../../http/Waiting.js";

/** How long pieces of work may take together before everything else that waits for the process has its turn. */
const sliceMs = 8;

/** How one piece of work that goes on for long is done in slices, for `inSlices`. */
export const slicing: Slicing = {
  now: () => performance.now(),
  pause: () => new Promise((resolve) => setImmediate(resolve)),
  sliceMs,
};

interface CallersPieces {
  readonly caller: string;
  readonly pieces: (() => void)[];
  next: number;
}

/**
 * Pieces of work that take a fraction of a millisecond each and of which one query may ask for thousands: done a few
 * milliseconds at a time, with requests and answers between. Callers take turns, and each one's are done in the order asked.
 * One queue a process, for it is the process that they hold up.
 */
class WorkQueue {
  /** By caller, in the order of their turns. */
  readonly #waiting = new Map<string, CallersPieces>();
  #isRunning = false;

  /** Does a piece of work when its turn comes. */
  run<T>(work: () => T): Promise<T> {
    const caller = currentWaiter()?.errand?.caller ?? "";
    return new Promise<T>((resolve, reject) => {
      const piece = () => {
        try {
          resolve(work());
        } catch (error) {
          reject(error);
        }
      };
      const known = this.#waiting.get(caller);
      if (known === undefined) this.#waiting.set(caller, { caller, pieces: [piece], next: 0 });
      else known.pieces.push(piece);
      if (!this.#isRunning) void this.#runAll();
    });
  }

  async #runAll(): Promise<void> {
    this.#isRunning = true;
    while (this.#waiting.size > 0) {
      const began = performance.now();
      while (this.#waiting.size > 0 && performance.now() - began < sliceMs) this.#runNext();
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#isRunning = false;
  }

  #runNext(): void {
    const [queue] = this.#waiting.values();
    if (queue === undefined) return;
    queue.pieces[queue.next]?.();
    queue.next += 1;
    const isDone = queue.next === queue.pieces.length;
    if (!isDone && this.#waiting.size === 1) return;
    this.#waiting.delete(queue.caller);
    if (!isDone) this.#waiting.set(queue.caller, queue);
  }
}

export const workQueue = new WorkQueue();
