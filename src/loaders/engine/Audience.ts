import { performance } from "node:perf_hooks";
import { othersTurn, sliceMs, whenSettled } from "../../callers/Turns.js";

/** So many go on together before anybody looks how long they take. */
const together = 20;

/**
 * All who wait for one reading: thousands of rows, where a long list was begun before anything of it was at hand. They go on some at
 * a time, with what others ask in between where that takes long; what they ask for next is read together all the same.
 */
export class Audience {
  readonly #groups: Group[] = [];
  #isTold = false;

  join(): Promise<void> {
    if (this.#isTold) return Promise.resolve();
    let last = this.#groups.at(-1);
    if (last === undefined || last.size >= together) {
      last = new Group();
      this.#groups.push(last);
    }
    last.size += 1;
    return last.told;
  }

  async tell(): Promise<void> {
    let sinceMs = performance.now();
    // More may come while it is told.
    for (let group = this.#groups.shift(); group !== undefined; group = this.#groups.shift()) {
      group.tell();
      if (this.#groups.length === 0) break;
      await new Promise<void>(whenSettled);
      if (performance.now() - sinceMs < sliceMs()) continue;
      await othersTurn();
      sinceMs = performance.now();
    }
    this.#isTold = true;
  }
}

/** Those who go on together. */
class Group {
  size = 0;
  readonly told: Promise<void>;
  tell: () => void = () => undefined;

  constructor() {
    this.told = new Promise((resolve) => {
      this.tell = resolve;
    });
  }
}
